package cli

import (
	"crypto/sha256"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/mmapguard/go/tools/internal/assure/attest"
	"github.com/mmapguard/go/tools/internal/assure/repo"
)

const attestLong = `attest writes an in-toto statement, with a test-result predicate, about the
commit that was verified and the files that were built from it. The same
verdicts give the same bytes; the digest that is printed can be a subject of the
release's provenance. A document of govulncheck becomes part of it:

  govulncheck -format openvex ./... > vex.json
  assure attest --vex vex.json --subject dist/mmapguard.tar.gz --out assurance.intoto.json`

func (s *session) attest() *cobra.Command {
	var in attest.Input
	var out string
	c := &cobra.Command{
		Use: "attest", Short: "Write the verdicts as an in-toto statement", Long: attestLong,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			tree, err := repo.Open(s.dir)
			if err != nil {
				return err
			}
			if in.Verdicts = s.verdicts; len(in.Verdicts) == 0 {
				in.Verdicts = []string{verdictsFile(tree)}
			}
			statement, err := attest.Statement(in)
			if err != nil {
				return err
			}
			if err := os.WriteFile(out, statement, 0o644); err != nil { // #nosec G306 -- it is to be published
				return err
			}
			_, err = fmt.Fprintf(s.out, "%x  %s\n", sha256.Sum256(statement), out)
			return err
		},
	}
	c.Flags().StringSliceVar(&in.Subjects, "subject", nil, "files that were built from the commit")
	c.Flags().StringVar(&in.VEX, "vex", "", "an OpenVEX document to take in")
	c.Flags().StringVar(&out, "out", "assurance.intoto.json", "the file to write")
	s.verdictsFlag(c)
	return c
}
