package check

import (
	"context"
	"fmt"
	"strings"

	"github.com/mmapguard/go/conformance/broken"

	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/repo"
)

// Mutant is a change of the source that takes a countermeasure away.
type Mutant struct {
	Name, Breaks string
	Edits        []Edit
	At           model.Pos // where it is defined
}

// Edit replaces a text, which a file holds just once.
type Edit struct{ File, Old, New string }

// brokenTable is where the mutants are that the conformance suite has as well.
const brokenTable = "conformance/broken/mutation.go"

// mutants are those of the conformance suite, whose files are the library's,
// and those of the case.
func mutants(c *model.Case) map[string]Mutant {
	all := map[string]Mutant{}
	for _, m := range broken.Mutations() {
		own := Mutant{Name: m.Name, Breaks: m.Breaks, At: model.Pos{File: brokenTable, Line: 1}}
		for _, e := range m.Edits {
			own.Edits = append(own.Edits, Edit{"mmapguard/" + e.File, e.Old, e.New})
		}
		all[m.Name] = own
	}
	for _, m := range c.Mutants {
		own := Mutant{Name: m.Name, Breaks: m.Breaks, At: m.Pos}
		for _, e := range m.Edits {
			own.Edits = append(own.Edits, Edit{e.File, e.Old, e.New})
		}
		all[m.Name] = own
	}
	return all
}

// Apply is the tree with the mutant's edits made. A text that is not there just
// once is an error: the mutant no longer means what it did.
func (m Mutant) Apply(t *repo.Tree) (*repo.Tree, error) {
	for _, e := range m.Edits {
		text, err := t.ReadFile(e.File)
		if err != nil {
			return nil, fmt.Errorf("mutant %s edits %s: %w", m.Name, e.File, err)
		}
		if n := strings.Count(string(text), e.Old); n != 1 {
			return nil, fmt.Errorf("mutant %s no longer applies: %s holds %q %d times, want once; adapt the mutant to what the countermeasure looks like now (%s:%d)",
				m.Name, e.File, e.Old, n, m.At.File, m.At.Line)
		}
		t = t.With(e.File, []byte(strings.Replace(string(text), e.Old, e.New, 1)))
	}
	return t, nil
}

// Place is the first line that the mutant changes: where the countermeasure is.
func (m Mutant) Place(t *repo.Tree) (repo.Place, error) {
	text, err := t.ReadFile(m.Edits[0].File)
	if err != nil {
		return repo.Place{}, err
	}
	before, _, ok := strings.Cut(string(text), m.Edits[0].Old)
	if !ok {
		return repo.Place{}, fmt.Errorf("mutant %s no longer applies", m.Name)
	}
	// An edit may begin with the end of the line before.
	lead := len(m.Edits[0].Old) - len(strings.TrimLeft(m.Edits[0].Old, "\n"))
	return repo.Place{File: m.Edits[0].File, Line: strings.Count(before, "\n") + 1 + lead}, nil
}

// countermeasures holds the case and the mutants against each other.
func countermeasures(_ context.Context, s *Subject, r *report) error {
	used := map[string]bool{}
	for _, cm := range s.Case.Countermeasures {
		if !runs(cm.Evidence) {
			r.add(cm.Pos, "%s has no evidence that assure verify can run: cite a test, a conformance case, a fuzz target or a check", cm.ID)
		}
		for _, name := range cm.Mutants {
			used[name.Text] = true
			m, ok := s.Mutants[name.Text]
			if !ok {
				continue // references says so
			}
			if _, err := m.Apply(s.Tree); err != nil {
				r.add(name.Pos, "%s: vacuous evidence: %v", cm.ID, err)
			}
		}
	}
	for _, m := range s.Mutants {
		if !used[m.Name] {
			r.add(m.At, "no countermeasure names the mutant %s (%s): add it to one, or one for it", m.Name, strings.TrimSuffix(m.Breaks, "."))
		}
	}
	return nil
}

// runs tells whether anything of it can be run, and nothing of it cannot: what
// cannot be run cannot fail.
func runs(refs []model.Ref) bool {
	for _, ref := range refs {
		if e, err := ref.Evidence(); err != nil || !e.Runs() {
			return false
		}
	}
	return len(refs) > 0
}
