package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mmapguard/go/tools/internal/assure/model"
)

// judge puts together what was seen of a countermeasure.
func (v *Verifier) judge(cm model.Countermeasure, sound map[string]Outcome, k *kills) CountermeasureVerdict {
	verdict := CountermeasureVerdict{ID: cm.ID}
	for _, m := range cm.Mutants {
		mv := MutantVerdict{Name: m.Text, Problem: k.broken[m.Text]}
		if _, ok := v.subject.Mutants[m.Text]; !ok {
			mv.Problem = "there is no such mutant"
		}
		for _, r := range cm.Evidence {
			if e, err := r.Evidence(); err == nil && slices.Contains(k.by(cm, e.Key()), m.Text) {
				mv.KilledBy = append(mv.KilledBy, e.Key())
			}
		}
		verdict.Mutants = append(verdict.Mutants, mv)
	}
	for _, r := range cm.Evidence {
		verdict.Evidence = append(verdict.Evidence, v.evidence(r, sound, k, cm))
	}
	for _, r := range cm.Supporting {
		ev := v.plain(r, sound)
		ev.Supporting = true
		verdict.Evidence = append(verdict.Evidence, ev)
	}
	verdict.conclude(cm)
	return verdict
}

// plain is the verdict on evidence that no mutant has to kill.
func (v *Verifier) plain(r model.Ref, sound map[string]Outcome) EvidenceVerdict {
	e, err := r.Evidence()
	if err != nil {
		return EvidenceVerdict{Ref: r.Text, Status: Missing, Detail: err.Error()}
	}
	if !e.Runs() {
		status := Passed
		if _, err := v.subject.Find(e); err != nil {
			status = Missing
		}
		return EvidenceVerdict{Ref: e.Key(), Status: status, Detail: "is there; it is not run here"}
	}
	if lacks := v.machine.lacks(e); lacks != "" {
		return EvidenceVerdict{Ref: e.Key(), Status: Elsewhere, Detail: lacks}
	}
	o := sound[e.Key()]
	return EvidenceVerdict{Ref: e.Key(), Status: o.Status, Detail: o.Detail, Retried: o.Retried}
}

func (v *Verifier) evidence(r model.Ref, sound map[string]Outcome, k *kills, cm model.Countermeasure) EvidenceVerdict {
	ev := v.plain(r, sound)
	if ev.Status == Passed {
		ev.KilledBy = k.by(cm, ev.Ref)
		for _, m := range cm.Mutants {
			if k.outcomes[kill{m.Text, ev.Ref}].Status == Hung && !cm.MayHang {
				ev.Detail = fmt.Sprintf("it did not end under %s; if that is how it notices, say \"mayHang: true\"", m.Text)
			}
		}
	}
	return ev
}

// conclude finds the state, and says what to do about a bad one.
func (c *CountermeasureVerdict) conclude(cm model.Countermeasure) {
	complain := func(format string, args ...any) {
		c.Problems = append(c.Problems, fmt.Sprintf("%s:%d: %s: ", cm.File, cm.Line, cm.ID)+fmt.Sprintf(format, args...))
	}
	here := 0
	for _, e := range c.Evidence {
		switch {
		case e.Status == Failed || e.Status == Hung:
			complain("%s fails: %s; mend the library, or the test if it is wrong", e.Ref, e.Detail)
		case e.Status == Skipped:
			complain("%s is skipped (%s), and a skipped test is no evidence: make it run, or say what it needs (\"%s needs FACT\") if this machine cannot have it", e.Ref, e.Detail, e.Ref)
		case e.Status == Missing:
			complain("%s does not exist: %s", e.Ref, e.Detail)
		case e.Status == Passed && !e.Supporting:
			here++
			if len(e.KilledBy) == 0 && c.tried() {
				complain("vacuous evidence: %s passes although %s takes the countermeasure away%s: make the test notice, or cite one that does",
					e.Ref, list(cm.Mutants), parenthesis(e.Detail))
			}
		}
	}
	for _, m := range c.Mutants {
		switch {
		case m.Problem != "":
			complain("vacuous evidence: %s", m.Problem)
		case len(m.KilledBy) == 0 && here > 0:
			complain("vacuous evidence: the mutant %s survives: nothing that is cited notices it", m.Name)
		}
	}
	switch {
	case len(c.Problems) > 0:
		c.State = Unsupported
	case here == 0:
		c.State = NotHere
	default:
		c.State = Proven
	}
}

// tried tells whether there was a mutant that could be tried at all.
func (c *CountermeasureVerdict) tried() bool {
	return slices.ContainsFunc(c.Mutants, func(m MutantVerdict) bool { return m.Problem == "" })
}

func list(refs []model.Ref) string {
	texts := make([]string, len(refs))
	for i, r := range refs {
		texts[i] = r.Text
	}
	return strings.Join(texts, ", ")
}

func parenthesis(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

// rest is the verdict on evidence that no countermeasure cites, but something
// else does: a register, a risk, a row of a framework.
func (v *Verifier) rest(sound map[string]Outcome) (rest []EvidenceVerdict) {
	cited := map[string]bool{}
	for _, cm := range v.subject.Case.Countermeasures {
		for _, r := range slices.Concat(cm.Evidence, cm.Supporting) {
			if e, err := r.Evidence(); err == nil {
				cited[e.Key()] = true
			}
		}
	}
	v.subject.Case.Walk(func(model.Defined) {}, func(u model.Used) {
		if e, err := u.Evidence(); u.IsEvidence() && err == nil && !cited[e.Key()] {
			cited[e.Key()] = true
			rest = append(rest, v.plain(u.Ref, sound))
		}
	})
	return rest
}
