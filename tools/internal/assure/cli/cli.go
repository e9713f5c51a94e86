// Package cli is the command line of assure.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/mmapguard/go/tools/internal/assure/check"
	"github.com/mmapguard/go/tools/internal/assure/repo"
	"github.com/mmapguard/go/tools/internal/assure/verify"
)

// The exit codes: a case that does not hold is not the same as a command that
// could not be carried out.
const (
	exitOK     = 0
	exitFailed = 1
	exitError  = 2
)

// errDoesNotHold means that what is wrong was told already.
var errDoesNotHold = errors.New("the assurance case does not hold")

const long = `assure holds the assurance case in assurance-case/ and the repository against
each other.

  assure check          structure, and completeness both ways; seconds
  assure verify         run the evidence, and see that it can fail; minutes
  assure explain SR-6   from a claim to the line of source, and back
  assure render         the pages, diagrams and verdicts for the book
  assure attest         the verdicts as an in-toto statement

Exit codes: 0 the case holds, 1 it does not, 2 it could not be found out.`

// session is what the commands share.
type session struct {
	out, err io.Writer
	dir      string
	today    string
	verdicts []string
}

// Main runs the command line of the process and returns its exit code.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
}

// Run runs one command line and returns its exit code.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s := &session{out: stdout, err: stderr}
	root := s.root()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	switch err := root.ExecuteContext(ctx); {
	case errors.Is(err, errDoesNotHold):
		return exitFailed
	case err != nil:
		_, _ = fmt.Fprintf(stderr, "assure: %v\n", err)
		return exitError
	}
	return exitOK
}

// Command is the command with all its subcommands, to be described, not run.
func Command() *cobra.Command { return (&session{out: io.Discard, err: io.Discard}).root() }

func (s *session) root() *cobra.Command {
	root := &cobra.Command{
		Use: "assure", Short: "Check, verify and publish the assurance case", Long: long,
		SilenceErrors: true, SilenceUsage: true,
	}
	root.PersistentFlags().StringVarP(&s.dir, "dir", "C", ".", "a folder of the working copy")
	root.PersistentFlags().StringVar(&s.today, "today", "", "the `day` for which residual risks are judged, as 2006-01-02 (default: this one)")
	root.AddCommand(s.check(), s.verify(), s.explain(), s.render(), s.attest(), s.overlay(), s.schema())
	return root
}

// subject reads the working copy. Mistakes of form are returned beside it.
func (s *session) subject() (*check.Subject, []check.Problem, error) {
	tree, err := repo.Open(s.dir)
	if err != nil {
		return nil, nil, err
	}
	today := time.Now().UTC()
	if s.today != "" {
		if today, err = time.Parse(time.DateOnly, s.today); err != nil {
			return nil, nil, fmt.Errorf("--today: %w", err)
		}
	}
	return check.Read(tree, today)
}

// sound reads the working copy, and tells what is wrong with the case's form.
func (s *session) sound() (*check.Subject, error) {
	subject, form, err := s.subject()
	if err == nil && len(form) > 0 {
		return nil, s.tell(form)
	}
	return subject, err
}

// tell prints problems.
func (s *session) tell(problems []check.Problem) error {
	for _, p := range problems {
		if _, err := fmt.Fprintln(s.err, p); err != nil {
			return err
		}
	}
	if len(problems) > 0 {
		_, _ = fmt.Fprintf(s.err, "assure: %d problems\n", len(problems))
		return errDoesNotHold
	}
	return nil
}

// cacheDir is where verdicts and pages are left, beside what other tasks leave in
// the working copy.
func cacheDir(t *repo.Tree) string { return filepath.Join(t.Root, ".cache", "assure") }

// verdictsFile is where verify leaves the verdicts, and others look for them.
func verdictsFile(t *repo.Tree) string { return filepath.Join(cacheDir(t), "verdicts.json") }

// readVerdicts reads those named by --verdicts, or those that verify left.
func (s *session) readVerdicts(t *repo.Tree) (all []*verify.Verdicts, err error) {
	files := s.verdicts
	if len(files) == 0 {
		files = []string{verdictsFile(t)}
	}
	for _, file := range files {
		v, err := verify.ReadVerdicts(file)
		if errors.Is(err, os.ErrNotExist) && len(s.verdicts) == 0 {
			return nil, nil // nobody has verified yet, and that is told as such
		}
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

func (s *session) verdictsFlag(c *cobra.Command) {
	c.Flags().StringSliceVar(&s.verdicts, "verdicts", nil, "files that assure verify wrote, one per platform (default: that of this machine's last run)")
}
