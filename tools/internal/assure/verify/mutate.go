package verify

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/mmapguard/go/tools/internal/assure/check"
	"github.com/mmapguard/go/tools/internal/assure/model"
)

// kill is what became of a piece of evidence under a mutant.
type kill struct{ mutant, evidence string }

// kills are the outcomes under mutants, and what is wrong with mutants.
type kills struct {
	outcomes map[kill]Outcome
	broken   map[string]string // mutants that could not be applied or built
}

// mutate runs the evidence of each countermeasure with each of its mutants.
func (v *Verifier) mutate(ctx context.Context, chosen []model.Countermeasure, sound map[string]Outcome) *kills {
	k := &kills{map[kill]Outcome{}, map[string]string{}}
	work := v.plan(chosen, sound)
	var mu sync.Mutex
	done := 0
	v.parallel(len(work), func(i int) {
		began := now()
		outcomes, err := v.try(ctx, work[i])
		mu.Lock()
		defer mu.Unlock()
		done++
		if err != nil {
			k.broken[work[i].mutant.Name] = err.Error()
			v.tell("[%d/%d] %s: %v", done, len(work), work[i].mutant.Name, firstLine(err.Error()))
			return
		}
		failed := 0
		for key, o := range outcomes {
			k.outcomes[kill{work[i].mutant.Name, key}] = o
			if o.Status == Failed || o.Status == Hung {
				failed++
			}
		}
		v.tell("[%d/%d] %s: %d of %d noticed (%.1f s)", done, len(work), work[i].mutant.Name, failed, len(outcomes), now().Sub(began).Seconds())
	})
	v.again(ctx, chosen, k, work)
	return k
}

// trial is a mutant and the evidence that it is tried on.
type trial struct {
	mutant   check.Mutant
	evidence []model.Evidence
}

// plan collects for each mutant what its countermeasures cite, as far as that
// passes here without it.
func (v *Verifier) plan(chosen []model.Countermeasure, sound map[string]Outcome) (work []trial) {
	index := map[string]int{}
	for _, cm := range chosen {
		for _, name := range cm.Mutants {
			m, ok := v.subject.Mutants[name.Text]
			if !ok {
				continue // judge says so
			}
			i, known := index[m.Name]
			if !known {
				i = len(work)
				index[m.Name] = i
				work = append(work, trial{mutant: m})
			}
			work[i].evidence = v.union(work[i].evidence, cm.Evidence, sound)
		}
	}
	return work
}

// union adds what passes here, and is cited for a machine like this.
func (v *Verifier) union(have []model.Evidence, refs []model.Ref, sound map[string]Outcome) []model.Evidence {
	for _, r := range refs {
		e, err := r.Evidence()
		same := func(o model.Evidence) bool { return o.Key() == e.Key() }
		if err == nil && v.machine.lacks(e) == "" && sound[e.Key()].Status == Passed && !slices.ContainsFunc(have, same) {
			have = append(have, e)
		}
	}
	return have
}

// try applies a mutant and runs the evidence, each piece in a process of its
// own: without a countermeasure a process may well die.
func (v *Verifier) try(ctx context.Context, t trial) (map[string]Outcome, error) {
	mutated, err := t.mutant.Apply(v.subject.Tree)
	if err != nil {
		return nil, err
	}
	return v.lab.alone(ctx, mutated, t.mutant.Name, t.evidence)
}

// again tries evidence once more that none of its mutants made fail, because a
// test of a race does not meet it every time.
func (v *Verifier) again(ctx context.Context, chosen []model.Countermeasure, k *kills, work []trial) {
	for range retries {
		var survivors []trial
		for _, t := range work {
			left := slices.DeleteFunc(slices.Clone(t.evidence), func(e model.Evidence) bool {
				return !survives(chosen, k, t.mutant.Name, e)
			})
			if len(left) > 0 && k.broken[t.mutant.Name] == "" {
				survivors = append(survivors, trial{t.mutant, left})
			}
		}
		v.parallel(len(survivors), func(i int) {
			outcomes, err := v.try(ctx, survivors[i])
			v.mu.Lock()
			defer v.mu.Unlock()
			for key, o := range outcomes {
				if err == nil && o.Status != Passed {
					k.outcomes[kill{survivors[i].mutant.Name, key}] = o
				}
			}
		})
	}
}

// survives tells whether a piece of evidence of a countermeasure that names the
// mutant was made to fail by none of the countermeasure's mutants.
func survives(chosen []model.Countermeasure, k *kills, mutant string, e model.Evidence) bool {
	for _, cm := range chosen {
		if cites(model.Countermeasure{Evidence: cm.Evidence}, e.Key()) && names(cm.Mutants, mutant) && len(k.by(cm, e.Key())) == 0 {
			return true
		}
	}
	return false
}

// by lists the mutants of a countermeasure under which the evidence failed.
func (k *kills) by(cm model.Countermeasure, evidence string) (noticed []string) {
	for _, m := range cm.Mutants {
		switch k.outcomes[kill{m.Text, evidence}].Status {
		case Failed:
			noticed = append(noticed, m.Text)
		case Hung:
			if cm.MayHang {
				noticed = append(noticed, m.Text)
			}
		case Passed, Skipped, Elsewhere, Missing:
		}
	}
	return noticed
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
