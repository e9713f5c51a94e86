package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/mmapguard/go/tools/internal/assure/check"
)

func (s *session) check() *cobra.Command {
	var list bool
	c := &cobra.Command{
		Use: "check [RULE...]", Short: "Check the case's structure, and its completeness both ways",
		RunE: func(cmd *cobra.Command, names []string) error {
			if list {
				return s.listRules()
			}
			subject, problems, err := s.subject()
			if err != nil {
				return err
			}
			if len(problems) == 0 { // what is malformed has no structure to look at
				if problems, err = subject.Run(cmd.Context(), names...); err != nil {
					return err
				}
			}
			if err := s.tell(problems); err != nil {
				return err
			}
			return s.counts(subject)
		},
	}
	c.Flags().BoolVar(&list, "list", false, "list the rules")
	return c
}

func (s *session) listRules() error {
	for _, rule := range check.Rules() {
		if _, err := fmt.Fprintf(s.out, "%-16s %s\n", rule.Name, rule.Says); err != nil {
			return err
		}
	}
	return nil
}

// counts says how much there is, so that less than yesterday is noticed.
func (s *session) counts(subject *check.Subject) error {
	c := subject.Case
	rows := 0
	for _, f := range c.Frameworks {
		rows += len(f.Rows)
	}
	_, err := fmt.Fprintf(s.out, "the case is well-formed and complete: %d requirements, %d claims, %d countermeasures, %d mutants, %d conformance cases, %d rows of %d frameworks\n",
		len(c.Requirements), len(c.Argument.Goals), len(c.Countermeasures), len(subject.Mutants), len(subject.Sources.Cases), rows, len(c.Frameworks))
	return err
}
