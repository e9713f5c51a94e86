package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mmapguard/go/fuzzers/internal/engine"
)

// library is what the coverage is told of, and what the targets of ours try.
const (
	library = "github.com/mmapguard/go/mmapguard/..."
	ours    = "github.com/mmapguard/go/fuzzers"
)

// coverage runs all inputs there are, those of the sources and those that the go
// command keeps, and tells what of the library they reach. Of all targets, those
// of other modules try parsers that are no part of it, and are left out.
func (s *session) coverage(ctx context.Context) error {
	var total blocks
	for _, t := range s.targets {
		if len(s.targets) > 1 && t.Package != ours {
			continue
		}
		reach, err := s.reach(ctx, t)
		if err != nil {
			return err
		}
		fmt.Printf("%-16s %5.1f %% of the library's statements\n", t.Name, reach.percent())
		total = total.join(reach)
	}
	fmt.Printf("%-16s %5.1f %%\n", "all of them", total.percent())
	return total.tellByFile()
}

// reach runs a target's inputs, and tells what they reach.
func (s *session) reach(ctx context.Context, t engine.Target) (blocks, error) {
	c, err := s.coverer(ctx, t, library)
	if err != nil {
		return nil, err
	}
	cache, err := engine.CacheDir(ctx, t.Package)
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		c.take(filepath.Join(t.Dir, "testdata", "fuzz", t.Name)),
		c.take(filepath.Join(cache, t.Name)))
	if err != nil {
		return nil, err
	}
	return c.run(ctx, "^"+t.Name+"$")
}

// coverer is a build of a package's tests that counts, and the folder it runs in.
type coverer struct {
	program, dir, inputs, tmp string
}

// coverer builds it, with an empty folder of inputs.
func (s *session) coverer(ctx context.Context, t engine.Target, what string) (*coverer, error) {
	dir := filepath.Join(s.tmp, "cover-"+t.Name)
	c := &coverer{filepath.Join(dir, "cover.test"), dir, filepath.Join(dir, "testdata", "fuzz", t.Name), s.tmp}
	if err := os.MkdirAll(c.inputs, 0o700); err != nil {
		return nil, err
	}
	return c, engine.Build{Package: t.Package, Out: c.program, Cover: what}.Do(ctx)
}

// take copies the inputs of a folder, if there is one.
func (c *coverer) take(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		text, readErr := os.ReadFile(filepath.Join(folder, e.Name()))
		err = errors.Join(err, readErr, os.WriteFile(filepath.Join(c.inputs, e.Name()), text, 0o600))
	}
	return err
}

// run runs the tests of that name, and tells what they reach.
func (c *coverer) run(ctx context.Context, name string) (blocks, error) {
	profile := filepath.Join(c.dir, "profile")
	cmd := exec.CommandContext(ctx, c.program, "-test.run="+name, "-test.coverprofile="+profile)
	cmd.Dir, cmd.Env = c.dir, append(os.Environ(), "TMPDIR="+c.tmp)
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", name, err, out)
	}
	return readProfile(profile)
}

// blocks are the statements of each block of code, below zero if it was reached.
type blocks map[string]int

// readProfile reads lines of "file:from,to statements count".
func readProfile(path string) (blocks, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	b := blocks{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var place string
		var statements, count int
		if n, err := fmt.Sscan(lines.Text(), &place, &statements, &count); err != nil || n != 3 {
			continue // the mode
		}
		if count > 0 || b[place] < 0 {
			statements = -statements
		}
		b[place] = statements
	}
	return b, errors.Join(lines.Err(), f.Close())
}

// join adds what another run reached.
func (b blocks) join(other blocks) blocks {
	if b == nil {
		b = blocks{}
	}
	for place, n := range other {
		if b[place] >= 0 {
			b[place] = n
		}
	}
	return b
}

// adds tells a file with a block that was not reached before, or nothing.
func (b blocks) adds(to blocks) string {
	var files []string
	for place, n := range b {
		if n < 0 && to[place] >= 0 {
			file, _, _ := strings.Cut(filepath.Base(place), ":")
			files = append(files, file)
		}
	}
	slices.Sort(files)
	if len(files) == 0 {
		return ""
	}
	return files[0]
}

func (b blocks) percent() float64 {
	reached, all := 0, 0
	for _, n := range b {
		reached, all = reached-min(n, 0), all+max(n, -n)
	}
	return 100 * float64(reached) / float64(max(all, 1))
}

// tellByFile prints the part that was reached of each file.
func (b blocks) tellByFile() error {
	files := map[string]blocks{}
	for place, n := range b {
		file, _, _ := strings.Cut(place, ":")
		if files[file] == nil {
			files[file] = blocks{}
		}
		files[file][place] = n
	}
	var lines []string
	for _, file := range slices.Sorted(maps.Keys(files)) {
		lines = append(lines, fmt.Sprintf("  %5.1f %%  %s", files[file].percent(), strings.TrimPrefix(file, "github.com/mmapguard/go/")))
	}
	fmt.Println(strings.Join(lines, "\n"))
	return nil
}
