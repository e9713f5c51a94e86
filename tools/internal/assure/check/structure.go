package check

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/mmapguard/go/tools/internal/assure/model"
)

// prefixes are what the ids of each type begin with, because an id tells its
// reader what it is of.
var prefixes = map[string][]string{
	"Goal": {"G-"}, "Strategy": {"S-"}, "Note": {"C-", "A-", "J-"}, "Requirement": {"SR-"},
	"Asset": {"ASSET-"}, "Actor": {"ACTOR-"}, "Boundary": {"TB-"}, "Vector": {"AV-"}, "Principle": {"SS-"},
	"Countermeasure": {"CM-"}, "Risk": {"RR-"}, "Unsafe": {"UNSAFE-"}, "Severity": {"SEV-"}, "Step": {"IR-"},
}

var idForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/@:+-]*$`)

func ids(_ context.Context, s *Subject, r *report) error {
	first := map[string]model.Pos{}
	s.Case.Walk(func(d model.Defined) {
		key := d.ID
		if d.Is == "Tool" { // a program and its action may share a name
			return
		}
		if before, ok := first[key]; ok {
			r.add(d.Pos, "%s is defined a second time; the first is at %s:%d: give this one an id of its own", d.ID, before.File, before.Line)
		}
		first[key] = d.Pos
		want := prefixes[d.Is]
		if !idForm.MatchString(d.ID) || len(want) > 0 && !slices.ContainsFunc(want, func(p string) bool { return strings.HasPrefix(d.ID, p) }) {
			r.add(d.Pos, "%q is no id of a %s: it begins with %s, and holds letters, digits and .-_/@:+ only", d.ID, d.Is, strings.Join(want, " or "))
		}
	}, func(model.Used) {})
	return nil
}

func references(_ context.Context, s *Subject, r *report) error {
	defined := map[string]bool{}
	s.Case.Walk(func(d model.Defined) { defined[d.ID] = true }, func(model.Used) {})
	s.Case.Walk(func(model.Defined) {}, func(u model.Used) {
		switch {
		case u.IsEvidence() && !u.May("evidence"):
			r.add(u.Pos, "%s: %q is evidence, and an id is wanted here (%s)", u.Owner, u.Text, u.To)
		case u.IsEvidence():
			s.evidence(u, r)
		case u.May("mutant"):
			if _, ok := s.Mutants[u.Text]; !ok {
				r.add(u.Pos, "%s names the mutant %q, which is neither in conformance/broken nor in mutants.yaml", u.Owner, u.Text)
			}
		case !defined[u.Text]:
			r.add(u.Pos, "%s refers to %s, which is not defined: correct the id, or define it%s", u.Owner, u.Text, similar(u.Text, slices.Collect(maps.Keys(defined))))
		case !u.May("artifact") && !slices.ContainsFunc(strings.Fields(u.To), func(p string) bool { return strings.HasPrefix(u.Text, p) }):
			r.add(u.Pos, "%s refers to %s, and one of %s is wanted here", u.Owner, u.Text, u.To)
		}
	})
	return nil
}

// argument follows the claims from the top.
func argument(_ context.Context, s *Subject, r *report) error {
	a := newArgument(s.Case)
	for _, g := range s.Case.Argument.Goals {
		if (g.Strategy.Text == "") == (len(g.Countermeasures) == 0) {
			r.add(g.Pos, "%s needs either a strategy or countermeasures, and not both: a claim without support is none", g.ID)
		}
	}
	a.visit(s.Case.Argument.Goals[0], nil, r)
	for _, g := range s.Case.Argument.Goals {
		if !a.seen[g.ID] {
			r.add(g.Pos, "%s cannot be reached from %s: make it part of a strategy, or remove it", g.ID, s.Case.Argument.Goals[0].ID)
		}
	}
	for _, req := range s.Case.Requirements {
		if !slices.ContainsFunc(s.Case.Argument.Goals, func(g model.Goal) bool { return g.Requirement.Text == req.ID }) {
			r.add(req.Pos, "no claim is made for %s: add a goal with \"requirement: %s\" to argument.yaml", req.ID, req.ID)
		}
	}
	for _, cm := range s.Case.Countermeasures {
		if !a.seen[cm.ID] {
			r.add(cm.Pos, "no claim rests on %s: name it in the countermeasures of a goal, or remove it", cm.ID)
		}
	}
	s.unused(r)
	return nil
}

// unused finds strategies and notes that no claim refers to.
func (s *Subject) unused(r *report) {
	used := map[string]bool{}
	s.Case.Walk(func(model.Defined) {}, func(u model.Used) { used[u.Text] = true })
	s.Case.Walk(func(d model.Defined) {
		if (d.Is == "Strategy" || d.Is == "Note") && !used[d.ID] {
			r.add(d.Pos, "nothing refers to %s: use it, or remove it", d.ID)
		}
	}, func(model.Used) {})
}

type argumentGraph struct {
	goals      map[string]model.Goal
	strategies map[string]model.Strategy
	seen       map[string]bool
}

func newArgument(c *model.Case) *argumentGraph {
	a := &argumentGraph{map[string]model.Goal{}, map[string]model.Strategy{}, map[string]bool{}}
	for _, g := range c.Argument.Goals {
		a.goals[g.ID] = g
	}
	for _, st := range c.Argument.Strategies {
		a.strategies[st.ID] = st
	}
	return a
}

// visit goes down from a goal; path are the goals above it.
func (a *argumentGraph) visit(g model.Goal, path []string, r *report) {
	if slices.Contains(path, g.ID) {
		r.add(g.Pos, "the argument goes in a circle: %s", strings.Join(append(path, g.ID), " → "))
		return
	}
	if a.seen[g.ID] {
		return
	}
	a.seen[g.ID] = true
	for _, cm := range g.Countermeasures {
		a.seen[cm.Text] = true
	}
	path = append(slices.Clone(path), g.ID)
	for _, ref := range a.strategies[g.Strategy.Text].Goals {
		if below, ok := a.goals[ref.Text]; ok {
			a.visit(below, path, r)
		}
	}
}

// similar suggests an id that differs by little.
func similar(id string, known []string) string {
	for _, k := range slices.Sorted(slices.Values(known)) {
		if k != "" && (strings.EqualFold(k, id) || strings.HasPrefix(k, id) || strings.HasPrefix(id, k) && len(id)-len(k) < 3) {
			return " (is it " + k + "?)"
		}
	}
	return ""
}
