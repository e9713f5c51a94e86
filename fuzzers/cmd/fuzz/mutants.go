package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/mmapguard/go/fuzzers/internal/engine"
	"github.com/mmapguard/go/fuzzers/internal/mutants"
)

const (
	// findIn is how long a target may take to find a mutant.
	findIn = time.Minute
	// perTarget is how many mutants each target of the library must have.
	perTarget = 2
)

// hunt is the search for one mutant.
type hunt struct {
	mutants.Mutant
	found   bool
	after   time.Duration
	runs    int64
	repeats string // whether the input that was found fails again, and passes on the sound library
}

// mutants lets the targets look for what was broken on purpose. They start
// without the inputs that are kept, which would find most of it at once: it is
// the search that is on trial.
func (s *session) mutants(ctx context.Context) error {
	sound := map[string]string{}
	var hunts []hunt
	for _, m := range mutants.All() {
		i := slices.IndexFunc(s.targets, func(t engine.Target) bool { return t.Name == m.Target })
		if i < 0 {
			continue
		}
		program, err := s.program(ctx, sound, s.targets[i].Package)
		if err != nil {
			return err
		}
		h, err := s.hunt(ctx, m, s.targets[i], program)
		if err != nil {
			return fmt.Errorf("mutant %s: %w", m.Name, err)
		}
		fmt.Fprintf(os.Stderr, "%s: %s: %s\n", m.Target, m.Name, h.verdict())
		hunts = append(hunts, h)
	}
	return tellHunts(hunts)
}

func (s *session) hunt(ctx context.Context, m mutants.Mutant, t engine.Target, sound string) (h hunt, err error) {
	dir := filepath.Join(s.tmp, "mutant")
	if err := os.RemoveAll(dir); err != nil {
		return h, err
	}
	replaced, err := apply(ctx, m, filepath.Join(dir, "sources"))
	if err != nil {
		return h, err
	}
	program := filepath.Join(dir, "mutant.test")
	if err := (engine.Build{Package: t.Package, Out: program, Fuzz: true, Replace: replaced}).Do(ctx); err != nil {
		return h, err
	}
	o, err := engine.Run{
		Target: t, Program: program, Dir: dir, Cache: filepath.Join(dir, "cache"), Tmp: s.tmp,
		Time: findIn, Workers: s.workers,
	}.Do(ctx)
	if err != nil {
		return h, err
	}
	h = hunt{Mutant: m, found: o.Failed, after: o.Wall, runs: o.Execs}
	if h.found {
		h.repeats, err = s.repeat(ctx, program, sound, dir, o)
	}
	return h, err
}

// repeat runs what was found once more, on the mutant and on the sound library:
// a finding that does not come again, or has another cause, helps nobody.
func (s *session) repeat(ctx context.Context, mutant, sound, dir string, o engine.Outcome) (string, error) {
	if o.Input == "" {
		return "no input was named:\n" + o.Log, nil
	}
	fails, _, err := engine.Repeat(ctx, mutant, dir, s.tmp, o.Input)
	if err != nil || !fails {
		return "does not come again:\n" + o.Log, err
	}
	fails, log, err := engine.Repeat(ctx, sound, dir, s.tmp, o.Input)
	if err != nil || fails {
		return "fails on the sound library as well:\n" + log, err
	}
	return "yes", nil
}

// apply edits a copy of the sources, and says which files stand for which.
func apply(ctx context.Context, m mutants.Mutant, scratch string) (replaced map[string]string, err error) {
	root, err := engine.Root(ctx)
	if err != nil {
		return nil, err
	}
	from := filepath.Join(root, filepath.FromSlash(m.Folder))
	if err := os.CopyFS(scratch, sources{os.DirFS(from)}); err != nil {
		return nil, err
	}
	if err := m.Apply(scratch); err != nil {
		return nil, err
	}
	replaced = map[string]string{}
	for _, e := range m.Edits {
		file := filepath.FromSlash(e.File)
		replaced[filepath.Join(from, file)] = filepath.Join(scratch, file)
	}
	return replaced, nil
}

// sources are the folders and the Go files of a file system.
type sources struct{ fs.FS }

// ReadDir leaves everything else out.
func (s sources) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := fs.ReadDir(s.FS, name)
	return slices.DeleteFunc(list, func(e fs.DirEntry) bool {
		return e.Name() == "testdata" || !e.IsDir() && !strings.HasSuffix(e.Name(), ".go")
	}), err
}

func (h hunt) ok() bool { return h.found && h.repeats == "yes" }

func (h hunt) verdict() string {
	switch {
	case !h.found:
		return "SURVIVED: " + h.Breaks
	case h.repeats != "yes":
		return "found, but it " + h.repeats
	}
	return fmt.Sprintf("found after %.1f s", h.after.Seconds())
}

// tellHunts prints the table, and fails if a mutant was not found, or a target
// has too few.
func tellHunts(hunts []hunt) error {
	tw := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "target\tmutant\tverdict\truns")
	bad, each := 0, map[string]int{}
	for _, h := range hunts {
		each[h.Target]++
		if !h.ok() {
			bad++
		}
		verdict, _, _ := strings.Cut(h.verdict(), "\n")
		fmt.Fprintf(tw, "%s\t%s\t%s\t%d\n", h.Target, h.Name, verdict, h.runs)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	fmt.Printf("%d mutants, %d not found\n", len(hunts), bad)
	for target, n := range each {
		if n < perTarget {
			return fmt.Errorf("%s has %d mutants, want %d", target, n, perTarget)
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d mutants were not found", bad)
	}
	return nil
}
