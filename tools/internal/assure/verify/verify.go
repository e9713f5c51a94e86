// Package verify runs the evidence of an assurance case, and shows of each
// piece that it can fail: with its countermeasure taken away, it has to.
package verify

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/mmapguard/go/tools/internal/assure/check"
	"github.com/mmapguard/go/tools/internal/assure/model"
)

// Options say what to verify, and how.
type Options struct {
	// Claims are ids of claims, requirements, ways of attack or countermeasures;
	// none means everything.
	Claims []string
	// Cache is a folder for results that need not be found out again; "" means
	// none. Only good results are kept.
	Cache string
	// Parallel is how many builds are tried at a time; 0 means one per processor,
	// or one under an emulator.
	Parallel int
	// Progress is told of every step; calls do not overlap.
	Progress func(format string, args ...any)
	// Exec is a program that runs test binaries for another system, which GOOS
	// names: an emulator.
	Exec string
	// Patience is how long one test may take by itself; 0 means a minute. On a
	// mutant many wait for what never comes.
	Patience time.Duration
}

// retries is how often evidence that survived all its mutants is tried again: a
// test of a race does not meet it every time.
const retries = 4

// Verifier runs evidence of one subject.
type Verifier struct {
	Options
	subject *check.Subject
	machine Machine
	lab     *lab
	mu      sync.Mutex // for progress
}

// New prepares a verification; Close ends it.
func New(ctx context.Context, s *check.Subject, opts Options) (*Verifier, error) {
	switch {
	case opts.Parallel > 0:
	case opts.Exec != "": // Wine's server fails some of those that come at once
		opts.Parallel = 1
	default:
		opts.Parallel = runtime.NumCPU()
	}
	if opts.Progress == nil {
		opts.Progress = func(string, ...any) {}
	}
	machine, err := Look(ctx, s.Tree)
	if err != nil {
		return nil, err
	}
	lab, err := newLab(s, machine, opts)
	if err != nil {
		return nil, err
	}
	return &Verifier{Options: opts, subject: s, machine: machine, lab: lab}, nil
}

// Close removes what was built.
func (v *Verifier) Close() error { return os.RemoveAll(v.lab.dir) }

// Run verifies, and returns the verdicts. An error means that it could not be
// found out; evidence that fails is a verdict.
func (v *Verifier) Run(ctx context.Context) (*Verdicts, error) {
	chosen, err := Select(v.subject.Case, v.Claims)
	if err != nil {
		return nil, err
	}
	verdicts := newVerdicts(ctx, v.subject.Tree, v.machine)
	outcomes, err := v.baseline(ctx, chosen)
	if err != nil {
		return nil, err
	}
	kills := v.mutate(ctx, chosen, outcomes)
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("interrupted; what was found out is kept for the next run: %w", err)
	}
	for _, cm := range chosen {
		verdicts.Countermeasures = append(verdicts.Countermeasures, v.judge(cm, outcomes, kills))
	}
	if len(v.Claims) == 0 {
		verdicts.Rest = v.rest(outcomes)
	}
	verdicts.sum()
	return verdicts, nil
}

// baseline runs all evidence on the sources as they are. What fails in company
// is tried once more alone, and that is told.
func (v *Verifier) baseline(ctx context.Context, chosen []model.Countermeasure) (map[string]Outcome, error) {
	refs := v.cited(chosen)
	v.Progress("running %d pieces of evidence on the sources as they are", len(refs))
	outcomes := map[string]Outcome{}
	jobs := group(refs, func(e model.Evidence) string { return v.lab.folder(e) })
	var mu sync.Mutex
	var failed error
	v.parallel(len(jobs), func(i int) {
		found, err := v.lab.together(ctx, jobs[i])
		mu.Lock()
		defer mu.Unlock()
		if err != nil && failed == nil {
			failed = err
		}
		for key, outcome := range found {
			outcomes[key] = outcome
		}
	})
	return outcomes, failed
}

// cited is what the countermeasures cite; of a whole case, also what anything
// else cites and can be run.
func (v *Verifier) cited(chosen []model.Countermeasure) (refs []model.Evidence) {
	add := func(r model.Ref) {
		e, err := r.Evidence()
		if err != nil || !e.Runs() {
			return
		}
		same := func(o model.Evidence) bool { return o.Key() == e.Key() }
		// Of several citations the one counts by which it runs here.
		if i := slices.IndexFunc(refs, same); i < 0 {
			refs = append(refs, e)
		} else if v.machine.lacks(e) == "" {
			refs[i] = e
		}
	}
	for _, cm := range chosen {
		for _, r := range slices.Concat(cm.Evidence, cm.Supporting) {
			add(r)
		}
	}
	if len(v.Claims) == 0 {
		v.subject.Case.Walk(func(model.Defined) {}, func(u model.Used) {
			if u.IsEvidence() {
				add(u.Ref)
			}
		})
	}
	return refs
}

// group sorts evidence by a key, in the order of its first appearance.
func group(refs []model.Evidence, key func(model.Evidence) string) (groups [][]model.Evidence) {
	index := map[string]int{}
	for _, e := range refs {
		i, ok := index[key(e)]
		if !ok {
			i = len(groups)
			index[key(e)] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], e)
	}
	return groups
}

// parallel calls fn for 0 to n-1, a few at a time.
func (v *Verifier) parallel(n int, fn func(i int)) {
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range min(v.Parallel, n) {
		wg.Go(func() {
			for i := range jobs {
				fn(i)
			}
		})
	}
	for i := range n {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
}

func (v *Verifier) tell(format string, args ...any) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.Progress(format, args...)
}

// Select is the countermeasures below the given ids; all without one.
func Select(c *model.Case, claims []string) ([]model.Countermeasure, error) {
	if len(claims) == 0 {
		return c.Countermeasures, nil
	}
	var chosen []model.Countermeasure
	for _, id := range claims {
		below := Below(c, id)
		if len(below) == 0 {
			return nil, fmt.Errorf("no countermeasure belongs to %q: give the id of a claim, a requirement, a way of attack or a countermeasure, or the name of a mutant", id)
		}
		for _, cm := range below {
			same := func(o model.Countermeasure) bool { return o.ID == cm.ID }
			if !slices.ContainsFunc(chosen, same) {
				chosen = append(chosen, cm)
			}
		}
	}
	return chosen, nil
}
