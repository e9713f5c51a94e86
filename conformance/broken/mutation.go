// Package broken holds builds of the library that are broken on purpose, one
// countermeasure at a time, and finds out which conformance cases notice. A
// case that notices none of them proves nothing; a break that no case notices
// is a promise without a test.
package broken

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Mutation is a change of the library's source that breaks a promise.
type Mutation struct {
	Name   string // in kebab case
	Breaks string // what does not hold any more, in one sentence
	Edits  []Edit
	// Expect is a case that has to be among those that notice; empty if none can,
	// because no file changes at the wrong moment while the suite looks on.
	Expect string
	// Rule is the one of rules/library.yaml that a trace of this build breaks;
	// empty if it does the same as the library, or nothing that has an order.
	Rule string
	// Clones tells that the rule is broken only where the file system makes clones.
	Clones bool
}

// Edit replaces a text, which occurs once, in a file of the library's folder.
type Edit struct {
	File, Old, New string
}

// Mutations lists all of them.
func Mutations() []Mutation {
	return slices.Concat(locks, openings, orders, memory, faults, ladder, streams)
}

// Apply edits the library in the folder given. A text that is not there, or not
// just once, is an error: the mutation no longer means what it did.
func (m Mutation) Apply(dir string) error {
	for _, e := range m.Edits {
		if err := e.apply(dir); err != nil {
			return fmt.Errorf("mutation %s: %w", m.Name, err)
		}
	}
	return nil
}

func (e Edit) apply(dir string) error {
	path := filepath.Join(dir, filepath.FromSlash(e.File))
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if n := strings.Count(string(text), e.Old); n != 1 {
		return fmt.Errorf("%s holds %q %d times, want once", e.File, e.Old, n)
	}
	changed := strings.Replace(string(text), e.Old, e.New, 1)
	return os.WriteFile(path, []byte(changed), 0o644)
}
