package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/repo"
)

// evidence reports a citation of what does not exist.
func (s *Subject) evidence(u model.Used, r *report) {
	e, err := u.Evidence()
	if err != nil {
		r.add(u.Pos, "%s: %v", u.Owner, err)
		return
	}
	if _, err := s.Find(e); err != nil {
		r.add(u.Pos, "%s cites %s, and %v", u.Owner, e.Key(), err)
	}
}

// Find is where a piece of evidence is.
func (s *Subject) Find(e model.Evidence) (repo.Place, error) {
	switch e.Kind {
	case "test", "fuzz":
		test, ok := s.Sources.Tests[e.Name]
		if !ok || test.Fuzz != (e.Kind == "fuzz") {
			return repo.Place{}, missing("there is no such test: restore it, or cite the one that took its place", e.Name, s.Sources.Tests)
		}
		return test.Place, nil
	case "case":
		return lookUp(s.Sources.Cases, e.Name, "there is no such conformance case: restore its ID, which is stable, or cite another")
	case "linter":
		return lookUp(s.Pipeline.Linters, e.Name, ".golangci.yml does not enable it")
	case "job":
		return lookUp(s.Pipeline.Jobs, e.Name, "no workflow has such a job")
	case "stage":
		return lookUp(s.Pipeline.Stages, e.Name, ".ci/run has no such stage")
	case "recipe":
		return lookUp(s.Pipeline.Recipes, e.Name, "the justfile has no such recipe")
	case "file":
		name, text, _ := strings.Cut(e.Name, "#")
		return s.Tree.Holds(name, text)
	case "check":
		for _, rule := range Rules() {
			if rule.Name == e.Name {
				return repo.Place{File: "tools/internal/assure/check/check.go", Line: 1}, nil
			}
		}
		return repo.Place{}, fmt.Errorf("assure check has no such rule; assure check --list shows them")
	}
	return repo.Place{}, fmt.Errorf("nobody knows where to look for a %q", e.Kind)
}

func lookUp(known map[string]repo.Place, name, otherwise string) (repo.Place, error) {
	if place, ok := known[name]; ok {
		return place, nil
	}
	return repo.Place{}, missing(otherwise, name, known)
}

func missing[V any](message, name string, known map[string]V) error {
	return fmt.Errorf("%s%s", message, similar(name, slices.Collect(maps.Keys(known))))
}
