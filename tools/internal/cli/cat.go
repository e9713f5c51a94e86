package cli

import (
	"encoding/json"
	"io"

	"github.com/spf13/cobra"
)

const catLong = `Write files to standard output, read through a guarded mapping.

A file that is truncated meanwhile ends the output with an error that names the
file and the offset (exit code 3); a file that was rewritten in place is an
error as well (6), but its bytes have been written by then: ask for a stronger
guarantee if that must not be. Files that fail do not stop the others.

"-" is standard input, of which at most 1 GiB is read. An empty file is no
bytes. With --json the report goes to standard error, one line for each file.`

const catExample = `  mmapguard cat data.bin > copy.bin
  mmapguard cat --guarantee Enforced a.log b.log | grep error
  mmapguard cat --max-size 64MiB upload.bin`

// catReport is the outcome for a file, with --json.
type catReport struct {
	Name string `json:"name"`
	streamed
	Error *failure `json:"error,omitempty"`
}

func newCat(s *session) *cobra.Command {
	var flags openFlags
	cmd := &cobra.Command{
		Use:     "cat FILE...",
		Short:   "Write files to standard output",
		Long:    catLong,
		Example: catExample,
		Args:    someFiles,
		RunE: func(cmd *cobra.Command, names []string) error {
			if err := s.confine(names); err != nil {
				return err
			}
			return s.eachFile(cmd.Context(), names, s.reportUnlessJSON, func(name string) error {
				return s.cat(name, &flags)
			})
		},
	}
	flags.register(cmd)
	return cmd
}

func (s *session) cat(name string, flags *openFlags) error {
	report := catReport{Name: name}
	err := s.withProgress(name, s.out, func(w io.Writer) (err error) {
		report.streamed, err = stream(name, flags.options(), w)
		return err
	})
	if !s.json {
		return err
	}
	report.Error = asFailure(err)
	if jsonErr := json.NewEncoder(s.err).Encode(report); jsonErr != nil {
		return jsonErr
	}
	return err
}

// reportUnlessJSON is for a command whose standard error is itself the JSON.
func (s *session) reportUnlessJSON(err error) {
	if !s.json {
		s.report(err)
	}
}
