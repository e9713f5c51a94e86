package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/mmapguard/go/release/rehearsal/internal/provenance"
	"github.com/mmapguard/go/release/rehearsal/internal/tamper"
	"github.com/mmapguard/go/release/rehearsal/internal/tuf"
	"github.com/mmapguard/go/release/rehearsal/internal/verifier"
)

// Provenance is published under this name, which OpenSSF Scorecard looks for.
const bundleName = "multiple.intoto.jsonl"

func (r *rehearsal) play(ctx context.Context) error {
	names, subjects, err := r.subjects()
	if err != nil {
		return err
	}
	release, err := tamper.New(&r.run, subjects, time.Now().Add(-2*time.Minute).Truncate(time.Second))
	if err != nil {
		return err
	}
	command, mirror, err := r.verifier(ctx, release)
	if err != nil {
		return err
	}
	defer func() { _ = mirror.Close() }() // a listener of this process
	t := trial{r, release, command, mirror, names}
	if err := t.genuine(ctx); err != nil {
		return err
	}
	if err := t.user(ctx); err != nil || r.accept {
		return err
	}
	if err := t.forgeries(ctx); err != nil {
		return err
	}
	if refused := mirror.Refused(); len(refused) > 0 {
		return fmt.Errorf("the verifier asked for hosts other than the mirror: %s", strings.Join(refused, ", "))
	}
	fmt.Println("The verifier asked for no host but the mirror of the trust root.")
	return nil
}

// subjects are the files to release, all of them, in the order of their names.
func (r *rehearsal) subjects() (names []string, subjects []provenance.Subject, err error) {
	entries, err := os.ReadDir(r.dist)
	if err != nil {
		return nil, nil, fmt.Errorf("what is to be released: %w", err)
	}
	for _, entry := range entries {
		if !entry.Type().IsRegular() || entry.Name() == bundleName {
			continue
		}
		data, err := os.ReadFile(filepath.Join(r.dist, entry.Name()))
		if err != nil {
			return nil, nil, err
		}
		names = append(names, filepath.Join(r.dist, entry.Name()))
		subjects = append(subjects, tamper.SubjectOf(entry.Name(), data))
	}
	if len(names) == 0 {
		return nil, nil, fmt.Errorf("there is nothing to release in %s", r.dist)
	}
	return names, subjects, nil
}

// verifier builds the verifier, and prepares a machine for it.
func (r *rehearsal) verifier(ctx context.Context, release *tamper.Release) (*verifier.Verifier, *tuf.Mirror, error) {
	anchor, err := tuf.Anchor()
	if err != nil {
		return nil, nil, err
	}
	home := filepath.Join(r.work, "home")
	if err := errors.Join(os.RemoveAll(home), os.MkdirAll(home, 0o750)); err != nil {
		return nil, nil, err
	}
	binary, err := verifier.Build(ctx, r.module, filepath.Join(r.work, "verifier"), anchor)
	if err != nil {
		return nil, nil, err
	}
	version, err := verifier.Version(ctx, r.module)
	if err != nil {
		return nil, nil, err
	}
	fmt.Printf("The verifier, unmodified, and the library whose trust anchor is replaced:\n  %s\n\n",
		strings.ReplaceAll(version, "\n", "\n  "))
	repository, err := release.Mirror(&tamper.Case{})
	if err != nil {
		return nil, nil, err
	}
	mirror, err := tuf.Serve(repository)
	if err != nil {
		return nil, nil, err
	}
	command, err := verifier.New(binary, home, mirror)
	return command, mirror, err
}

// trial is a release before the verifier.
type trial struct {
	*rehearsal
	release *tamper.Release
	command *verifier.Verifier
	mirror  *tuf.Mirror
	names   []string // the files, with their directory
}

// genuine fails unless every file is accepted. The provenance stays beside them.
func (t *trial) genuine(ctx context.Context) error {
	bundle, err := t.release.Bundle(&tamper.Case{})
	if err != nil {
		return err
	}
	name := filepath.Join(t.dist, bundleName)
	if err := os.WriteFile(name, bundle, 0o600); err != nil {
		return err
	}
	question := t.release.Question()
	args := append([]string{"verify-artifact", "--provenance-path", name}, question.Args()...)
	accepted, said, err := t.command.Run(ctx, append(args, t.names...)...)
	if err != nil {
		return err
	}
	if !accepted {
		return fmt.Errorf("the genuine release is rejected:\n%s", said)
	}
	fmt.Printf("ACCEPTED: %d files of %s, by slsa-verifier %s\n",
		strings.Count(said, ": PASSED"), t.run.Tag, strings.Join(question.Args(), " "))
	for _, name := range t.names {
		if !strings.Contains(said, name+": PASSED") {
			return fmt.Errorf("the verifier says nothing of %s:\n%s", name, said)
		}
		fmt.Println("  " + filepath.Base(name))
	}
	return nil
}

// user runs the command that was given, which stands for somebody with the
// genuine release. MMAPGUARD_VERIFIER tells it which verifier to use.
func (t *trial) user(ctx context.Context) error {
	if len(t.then) == 0 {
		return nil
	}
	script := filepath.Join(t.work, "slsa-verifier")
	if err := os.WriteFile(script, []byte(t.command.Script()), 0o700); err != nil { // #nosec G306 -- it is to be run
		return err
	}
	cmd := exec.CommandContext(ctx, t.then[0], t.then[1:]...) // #nosec G204 -- named by whoever runs this
	cmd.Env = append(os.Environ(), "MMAPGUARD_VERIFIER="+script)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("somebody with the genuine release fails: %w", err)
	}
	return nil
}

// forgeries fails unless every forgery is rejected, each for its own reason.
func (t *trial) forgeries(ctx context.Context) error {
	fmt.Println("\nREJECTED:")
	var problems []error
	cases := tamper.Cases()
	for i := range cases {
		if err := t.forgery(ctx, &cases[i]); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", cases[i].Name, err))
		}
	}
	fmt.Printf("%d of %d forgeries are rejected for what is wrong with them.\n", len(cases)-len(problems), len(cases))
	return errors.Join(problems...)
}

func (t *trial) forgery(ctx context.Context, c *tamper.Case) error {
	args, err := t.forge(c)
	if err != nil {
		return err
	}
	// Every case starts like a fresh machine, or a mirror would not be asked again.
	if err := t.command.Forget(); err != nil {
		return err
	}
	accepted, said, err := t.command.Run(ctx, args...)
	if err != nil {
		return err
	}
	if accepted {
		return errors.New("accepted")
	}
	reason := lastLine(said)
	fmt.Printf("  %-58s %s\n", c.Name, shortened(reason))
	if !strings.Contains(strings.ToLower(said), strings.ToLower(c.Because)) {
		return fmt.Errorf("rejected, but not because of %q:\n%s", c.Because, said)
	}
	return nil
}

// forge lays the files of c out, and tells how to ask about them.
func (t *trial) forge(c *tamper.Case) (args []string, err error) {
	dir := filepath.Join(t.work, "forged")
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o750)); err != nil {
		return nil, err
	}
	bundle, err := t.release.Bundle(c)
	if err != nil {
		return nil, err
	}
	mirror, err := t.release.Mirror(c)
	if err != nil {
		return nil, err
	}
	t.mirror.Use(mirror)
	data, err := os.ReadFile(t.names[0])
	if err != nil {
		return nil, err
	}
	artifact := filepath.Join(dir, filepath.Base(t.names[0]))
	provenance := filepath.Join(dir, bundleName)
	question := c.Ask(t.release.Question())
	args = slices.Concat([]string{"verify-artifact", "--provenance-path", provenance}, question.Args(), []string{artifact})
	return args, errors.Join(
		os.WriteFile(artifact, c.Artifact(data), 0o600),
		os.WriteFile(provenance, bundle, 0o600))
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.TrimPrefix(lines[len(lines)-1], "FAILED: SLSA verification failed: ")
}

func shortened(s string) string {
	if len(s) > 100 {
		return s[:100] + "…"
	}
	return s
}
