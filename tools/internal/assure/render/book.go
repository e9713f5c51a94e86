// Package render shows the assurance case: as pages, as diagrams, as text for a
// reviewer who starts from any of its sentences. What it says about the state
// of anything comes from verdicts, never from the case.
package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mmapguard/go/tools/internal/assure/check"
	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/verify"
)

// Book is a case together with the verdicts on it, one for each platform.
type Book struct {
	Subject  *check.Subject
	Verdicts []*verify.Verdicts
}

func (b *Book) of(id string) (found []verify.CountermeasureVerdict) {
	for _, v := range b.Verdicts {
		for _, c := range v.Countermeasures {
			if c.ID == id {
				found = append(found, c)
			}
		}
	}
	return found
}

// Countermeasure is the state over all platforms: one refutation is enough, and
// one proof.
func (b *Book) Countermeasure(id string) verify.State {
	state := verify.Unknown
	for _, v := range b.of(id) {
		switch {
		case v.State == verify.Unsupported:
			return verify.Unsupported
		case v.State == verify.Proven || state == verify.Unknown:
			state = v.State
		}
	}
	return state
}

// Goal is the state of a claim: the worst of what it rests on. What means
// something elsewhere alone does not count against it.
func (b *Book) Goal(g model.Goal) verify.State {
	return b.goal(g, map[string]bool{})
}

func (b *Book) goal(g model.Goal, above map[string]bool) verify.State {
	if above[g.ID] {
		return verify.Unsupported // a circle supports nothing
	}
	above[g.ID] = true
	defer delete(above, g.ID)
	var states []verify.State
	for _, cm := range g.Countermeasures {
		states = append(states, b.Countermeasure(cm.Text))
	}
	for _, sub := range b.subgoals(g) {
		states = append(states, b.goal(sub, above))
	}
	return worst(states)
}

func worst(states []verify.State) verify.State {
	for _, state := range []verify.State{verify.Unsupported, verify.Unknown, verify.Proven, verify.NotHere} {
		if slices.Contains(states, state) {
			return state
		}
	}
	return verify.Unsupported
}

// subgoals are those that a goal's strategy divides it into.
func (b *Book) subgoals(g model.Goal) (subs []model.Goal) {
	for _, s := range b.Subject.Case.Argument.Strategies {
		if s.ID != g.Strategy.Text {
			continue
		}
		for _, ref := range s.Goals {
			for _, sub := range b.Subject.Case.Argument.Goals {
				if sub.ID == ref.Text {
					subs = append(subs, sub)
				}
			}
		}
	}
	return subs
}

// goalsOf are the claims that are made for a requirement.
func (b *Book) goalsOf(requirement string) (goals []model.Goal) {
	for _, g := range b.Subject.Case.Argument.Goals {
		if g.Requirement.Text == requirement {
			goals = append(goals, g)
		}
	}
	return goals
}

// Evidence is what was seen of a piece of evidence, on each platform.
func (b *Book) Evidence(key string) (seen []string) {
	add := func(v *verify.Verdicts, e verify.EvidenceVerdict) {
		text := fmt.Sprintf("%s on %s/%s", e.Status, v.Platform.OS, v.Platform.Arch)
		if len(e.KilledBy) > 0 {
			text += ", fails under " + strings.Join(e.KilledBy, ", ")
		}
		if !slices.Contains(seen, text) {
			seen = append(seen, text)
		}
	}
	for _, v := range b.Verdicts {
		for _, c := range v.Countermeasures {
			for _, e := range c.Evidence {
				if e.Ref == key {
					add(v, e)
				}
			}
		}
		for _, e := range v.Rest {
			if e.Ref == key {
				add(v, e)
			}
		}
	}
	return seen
}

// failed tells whether a piece of evidence was seen not to pass anywhere that it
// should.
func (b *Book) failed(key string) bool {
	for _, seen := range b.Evidence(key) {
		status, _, _ := strings.Cut(seen, " ")
		if s := verify.Status(status); s != verify.Passed && s != verify.Elsewhere {
			return true
		}
	}
	return false
}

// mark is a state as a sign that needs no colour.
func mark(s verify.State) string {
	return map[verify.State]string{verify.Proven: "✓", verify.Unsupported: "✗", verify.NotHere: "–", verify.Unknown: "?"}[s]
}

// platforms says what the verdicts were found on.
func (b *Book) platforms() string {
	if len(b.Verdicts) == 0 {
		return "nobody has verified this yet; assure verify does"
	}
	var texts []string
	for _, v := range b.Verdicts {
		commit := v.Commit
		if v.Modified {
			commit += " with changes"
		}
		texts = append(texts, fmt.Sprintf("%s/%s with %s, commit %s", v.Platform.OS, v.Platform.Arch, v.Platform.Go, commit))
	}
	return strings.Join(texts, "; ")
}
