package cli

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

const sumLong = `Print checksums of files, read through a guarded mapping, in the format of
sha256sum and its kin.

A sum is printed only for bytes that were there from the first to the last: a
file that is truncated meanwhile is an error that names the file and the offset
(exit code 3), and so is one that was seen to change (6). Files that fail do
not stop the others.

"-" is standard input, of which at most 1 GiB is read. With --check the FILEs
are lists of sums, and the files they name are verified.`

const sumExample = `  mmapguard sum *.iso > SHA256SUMS
  mmapguard sum --check SHA256SUMS
  mmapguard sum --algo blake2b --guarantee Isolated data.bin
  tar c dir | mmapguard sum -`

// sumReport is the outcome for a file, with --json.
type sumReport struct {
	Name      string `json:"name"`
	Algorithm string `json:"algorithm"`
	Digest    string `json:"digest,omitempty"`
	// OK tells with --check whether the sum is the listed one.
	OK *bool `json:"ok,omitempty"`
	streamed
	Error *failure `json:"error,omitempty"`
}

// sumCommand is one run of the command.
type sumCommand struct {
	*session
	flags   openFlags
	algo    algorithm
	check   bool
	reports []sumReport
}

func newSum(s *session) *cobra.Command {
	c := &sumCommand{session: s, algo: algorithms[0], reports: []sumReport{}}
	cmd := &cobra.Command{
		Use:     "sum FILE...",
		Short:   "Print or check checksums of files",
		Long:    sumLong,
		Example: sumExample,
		Args:    someFiles,
		RunE:    func(cmd *cobra.Command, names []string) error { return c.run(cmd.Context(), names) },
	}
	c.flags.register(cmd)
	cmd.Flags().VarP(&c.algo, "algo", "a", "hash function: "+strings.Join(algorithmNames(), ", "))
	cmd.Flags().BoolVarP(&c.check, "check", "c", false, "verify the files listed in FILE...")
	err := cmd.RegisterFlagCompletionFunc("algo", cobra.FixedCompletions(algorithmNames(), cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic(err) // the flag was registered three lines above
	}
	return cmd
}

func (c *sumCommand) run(ctx context.Context, names []string) error {
	work, allowed := c.print, names
	if c.check {
		allowed = []string{string(filepath.Separator)} // the lists name the files
		work = func(name string) error { return c.checkList(ctx, name) }
	}
	if err := c.confine(allowed); err != nil {
		return err
	}
	err := c.eachFile(ctx, names, c.report, work)
	if ctx.Err() != nil || !c.json {
		return err
	}
	if jsonErr := c.writeJSON(c.reports); jsonErr != nil {
		return jsonErr
	}
	return err
}

// print sums one file and prints the line for it.
func (c *sumCommand) print(name string) error {
	report, err := c.sum(name)
	c.reports = append(c.reports, report)
	if err != nil || c.json {
		return err
	}
	return c.printf("%s\n", sumLine(report.Digest, name))
}

// sum reads a file to its end.
func (c *sumCommand) sum(name string) (sumReport, error) {
	report := sumReport{Name: name, Algorithm: c.algo.Name}
	h := c.algo.new()
	err := c.withProgress(name, h, func(w io.Writer) (err error) {
		report.streamed, err = stream(name, c.flags.options(), w)
		return err
	})
	if err == nil {
		report.Digest = hex.EncodeToString(h.Sum(nil))
	}
	report.Error = asFailure(err)
	return report, err
}

func (s *session) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(s.out, format, args...)
	return err
}
