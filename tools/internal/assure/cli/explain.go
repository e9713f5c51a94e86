package cli

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/mmapguard/go/tools/internal/assure/render"
)

func (s *session) explain() *cobra.Command {
	c := &cobra.Command{
		Use: "explain ID", Short: "Show what a claim, attack, risk, row, case or mutant leads to, down to the source and the commands",
		Example: "  assure explain SR-6\n  assure explain CWE-416\n  assure explain no-lock\n  assure explain case:SR-6/lock-held-until-unmap",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			book, err := s.book()
			if err != nil {
				return err
			}
			return book.Explain(s.out, args[0])
		},
	}
	s.verdictsFlag(c)
	return c
}

// book is the case with its verdicts.
func (s *session) book() (*render.Book, error) {
	subject, err := s.sound()
	if err != nil {
		return nil, err
	}
	verdicts, err := s.readVerdicts(subject.Tree)
	return &render.Book{Subject: subject, Verdicts: verdicts}, err
}

// overlay lets go test see a mutant's source: go test -overlay "$(assure
// overlay NAME)" ….
func (s *session) overlay() *cobra.Command {
	return &cobra.Command{
		Use: "overlay MUTANT", Short: "Write a mutant's files, and print the overlay for go test -overlay",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			subject, err := s.sound()
			if err != nil {
				return err
			}
			m, ok := subject.Mutants[args[0]]
			if !ok {
				return fmt.Errorf("there is no mutant %q; the %d there are: %q", args[0], len(subject.Mutants), subject.MutantNames())
			}
			mutated, err := m.Apply(subject.Tree)
			if err != nil {
				return err
			}
			dir := filepath.Join(cacheDir(subject.Tree), "mutants", m.Name)
			if err := os.MkdirAll(dir, 0o750); err != nil {
				return err
			}
			if _, err := mutated.Overlay(dir); err != nil {
				return err
			}
			_, err = fmt.Fprintln(s.out, filepath.Join(dir, "overlay.json"))
			return err
		},
	}
}
