package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/mmapguard/go/fuzzers/internal/engine"
)

// minimize leaves only the inputs that reach something: those with names of
// their own all, and of the others the shortest that add to them. Both what the
// go command keeps and what the sources have is looked at; the result goes to
// the sources, or with -cached to where the go command keeps it.
func (s *session) minimize(ctx context.Context) error {
	for _, t := range s.targets {
		cache, err := engine.CacheDir(ctx, t.Package)
		if err != nil {
			return err
		}
		kept, cached := filepath.Join(t.Dir, "testdata", "fuzz", t.Name), filepath.Join(cache, t.Name)
		// An input may also add to the target's own code: other states show in its
		// model.
		c, err := s.coverer(ctx, t, library+","+t.Package+"/...")
		if err != nil {
			return err
		}
		inputs, err := readInputs(kept, cached)
		if err != nil {
			return err
		}
		chosen, err := c.choose(ctx, t, inputs)
		if err != nil {
			return err
		}
		to := kept
		if s.cached {
			to = cached
		}
		if err := write(to, chosen); err != nil {
			return err
		}
		fmt.Printf("%s: %d inputs of %d, %d bytes\n", t.Name, len(chosen), len(inputs), size(chosen))
	}
	return nil
}

// input is an input with the name it is kept by.
type input struct {
	name, text string
}

// named tells a name that somebody gave, which the go command and this program
// do not: theirs end in hexadecimal digits.
func (i input) named() bool { return !hexEnd.MatchString(i.name) }

var hexEnd = regexp.MustCompile(`^([a-z_]+-)?[0-9a-f]{8}[0-9a-f]*$`)

func readInputs(folders ...string) (list []input, err error) {
	for _, folder := range folders {
		entries, err := os.ReadDir(folder)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		for _, e := range entries {
			text, err := os.ReadFile(filepath.Join(folder, e.Name()))
			if err != nil {
				return nil, err
			}
			list = append(list, input{e.Name(), string(text)})
		}
	}
	return list, nil
}

// choose runs the inputs one by one, the named first and then the short ones,
// and keeps those that add something. The others get names of what they add.
func (c *coverer) choose(ctx context.Context, t engine.Target, inputs []input) (chosen []input, err error) {
	slices.SortStableFunc(inputs, func(a, b input) int {
		if a.named() != b.named() {
			return map[bool]int{true: -1, false: 1}[a.named()]
		}
		return len(a.text) - len(b.text)
	})
	reached, err := c.run(ctx, "^"+t.Name+"$") // what the seeds in the code reach
	if err != nil {
		return nil, err
	}
	for _, in := range inputs {
		reach, err := c.only(ctx, t, in)
		if err != nil && (in.named() || ctx.Err() != nil) {
			return nil, err
		}
		if err != nil { // of a target that has taken other arguments since, say
			fmt.Printf("%s: left out: %v\n", in.name, err)
			continue
		}
		added := reach.adds(reached)
		if added == "" && !in.named() {
			continue
		}
		reached = reached.join(reach)
		if !in.named() {
			in.name = fmt.Sprintf("%s-%x", strings.TrimSuffix(added, ".go"), sha256.Sum256([]byte(in.text)))[:len(added)-len(".go")+9]
		}
		chosen = append(chosen, in)
	}
	return chosen, nil
}

// only runs a single input.
func (c *coverer) only(ctx context.Context, t engine.Target, in input) (blocks, error) {
	if err := os.WriteFile(filepath.Join(c.inputs, "it"), []byte(in.text), 0o600); err != nil {
		return nil, err
	}
	return c.run(ctx, "^"+t.Name+"$/^it$")
}

// write puts the inputs in place of those there.
func write(folder string, inputs []input) error {
	err := errors.Join(os.RemoveAll(folder), os.MkdirAll(folder, 0o755))
	for _, in := range inputs {
		err = errors.Join(err, os.WriteFile(filepath.Join(folder, in.name), []byte(in.text), 0o644))
	}
	return err
}

func size(inputs []input) (n int) {
	for _, in := range inputs {
		n += len(in.text)
	}
	return n
}
