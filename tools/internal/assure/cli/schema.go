package cli

import (
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/repo"
)

// schema writes what describes the form of the case.
func (s *session) schema() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Write SCHEMA.md and schema.json of the case's files",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			tree, err := repo.Open(s.dir)
			if err != nil {
				return err
			}
			if err := create(tree.Path(model.Dir+"/SCHEMA.md"), model.WriteSchema); err != nil {
				return err
			}
			return create(tree.Path(model.Dir+"/schema.json"), model.WriteJSONSchema)
		},
	}
}

// create writes a file by a function that writes.
func create(name string, write func(io.Writer) error) (err error) {
	f, err := os.Create(name) // #nosec G304 -- the caller names where to write
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	return write(f)
}
