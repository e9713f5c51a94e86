package cli

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"
)

func (s *session) render() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "render", Short: "Write the pages, the diagrams and the verdicts for publication",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			book, err := s.book()
			if err != nil {
				return err
			}
			if out == "" {
				out = filepath.Join(cacheDir(book.Subject.Tree), "pages")
			}
			if err := book.Pages(out); err != nil {
				return err
			}
			_, err = fmt.Fprintf(s.out, "written to %s\n", out)
			return err
		},
	}
	c.Flags().StringVar(&out, "out", "", "the folder to write to (default: .cache/assure/pages)")
	s.verdictsFlag(c)
	return c
}
