package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/mmapguard/go/tools/internal/assure/check"
	"github.com/mmapguard/go/tools/internal/assure/verify"
)

const verifyLong = `verify runs the evidence that the case cites, on these sources. Then it takes
each countermeasure away, by each of its mutants, and the same evidence has to
fail. Evidence that does not is vacuous, and so is a mutant that no longer
applies or that nothing notices.

A second run takes seconds: good outcomes are kept in the user's cache, by a sum
of everything that they depend on, for all working copies. GOOS and --exec verify
for another system:

  GOOS=windows GOTOOLCHAIN=go1.25.0 assure verify --exec $PWD/conformance/wine/exec --out windows.json`

func (s *session) verify() *cobra.Command {
	var opts verify.Options
	var out string
	var fresh, quiet bool
	c := &cobra.Command{
		Use: "verify", Short: "Run the evidence, and see that it fails without its countermeasure", Long: verifyLong,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			subject, err := s.sound()
			if err != nil {
				return err
			}
			problems, err := subject.Run(cmd.Context(), "ids", "references", "countermeasures")
			if err := errors.Join(err, s.tell(problems)); err != nil {
				return err
			}
			if dir, err := os.UserCacheDir(); err == nil && !fresh { // without one everything is found out anew
				opts.Cache = filepath.Join(dir, "mmapguard", "assure")
			}
			if !quiet {
				opts.Progress = func(format string, args ...any) { _, _ = fmt.Fprintf(s.err, format+"\n", args...) }
			}
			if out == "" && len(opts.Claims) == 0 {
				out = verdictsFile(subject.Tree)
			}
			return s.runVerify(cmd, subject, opts, out)
		},
	}
	c.Flags().StringSliceVar(&opts.Claims, "claim", nil, "verify what this id rests on: a claim, requirement, way of attack or countermeasure")
	c.Flags().IntVar(&opts.Parallel, "parallel", 0, "how many builds to try at a time (default: one per processor, or one with --exec)")
	c.Flags().StringVar(&opts.Exec, "exec", "", "run test binaries by this program, for another GOOS")
	c.Flags().StringVar(&out, "out", "", "write the verdicts here (default: .cache/assure/verdicts.json, of a whole run)")
	c.Flags().BoolVar(&fresh, "fresh", false, "find everything out anew")
	c.Flags().BoolVarP(&quiet, "quiet", "q", false, "no progress")
	return c
}

func (s *session) runVerify(cmd *cobra.Command, subject *check.Subject, opts verify.Options, out string) (err error) {
	began := time.Now()
	v, err := verify.New(cmd.Context(), subject, opts)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	verdicts, err := v.Run(cmd.Context())
	if err != nil {
		return err
	}
	if out != "" {
		if err := verdicts.Write(out); err != nil {
			return err
		}
	}
	return s.summary(verdicts, time.Since(began))
}

func (s *session) summary(v *verify.Verdicts, took time.Duration) error {
	problems := v.Problems()
	for _, p := range problems {
		if _, err := fmt.Fprintln(s.err, p); err != nil {
			return err
		}
	}
	n := v.Summary
	_, err := fmt.Fprintf(s.out, "%s/%s, %s: %d countermeasures: %d proven, each by evidence that a mutant makes fail; %d not run here; %d unsupported.\n%d of %d mutants killed, %d of %d pieces of evidence passed here. %d problems. (%.1f s)\n",
		v.Platform.OS, v.Platform.Arch, v.Platform.Go, n.Countermeasures, n.Proven, n.NotHere, n.Unsupported,
		n.MutantsKilled, n.Mutants, n.EvidencePassed, n.Evidence, len(problems), took.Seconds())
	if err == nil && len(problems) > 0 {
		return errDoesNotHold
	}
	return err
}
