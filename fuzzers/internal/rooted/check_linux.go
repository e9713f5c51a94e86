package rooted

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mmapguard/go/fuzzers/internal/class"
	"github.com/mmapguard/go/mmapguard"
)

// Query is a name, and where two of the links lead that it may go through. In
// all of them "@" stands for the path of the folder outside, and the bytes from
// 1 on for words: a fuzzer that changes single bytes would seldom find a name.
type Query struct{ Name, One, Two string }

// words are what the bytes from 1 on stand for.
var words = []string{
	"/", "../", "dir/", "deep/", "one", "two", "file", "link", "dir/up/", "top", "out", "away/",
	"absolute", "loop", "nowhere", "pipe", "empty", "./",
}

// spelling is how a query's bytes are read.
func (t *Tree) spelling() *strings.Replacer {
	pairs := []string{"@", t.outside}
	for i, word := range words {
		pairs = append(pairs, string(rune(i+1)), word)
	}
	return strings.NewReplacer(pairs...)
}

// The links of a query.
const (
	one = "one"
	two = "dir/two"
)

// Check opens the name and compares what came of it with the walk.
func (t *Tree) Check(q Query) error {
	spell := t.words.Replace
	name, first, second := spell(q.Name), spell(q.One), spell(q.Two)
	if !possible(first) || !possible(second) {
		return nil
	}
	if err := errors.Join(t.Link(one, first), t.Link(two, second)); err != nil {
		return err
	}
	content, err := t.read(name)
	if content == secret {
		return fmt.Errorf("%q (links to %q and %q) led out of the root", name, first, second)
	}
	want := resolve(t.model, name)
	if err != nil && want.long {
		return nil
	}
	if slashes(name, first, second) && class.Of(err)&(class.NotRegular|class.Other) != 0 && want.refused&(class.NotRegular|class.Other) != 0 {
		return nil // both are refused; which comes first, releases of Go see differently
	}
	if err := class.Want(err, want.refused, "%q (links to %q and %q)", name, first, second); err != nil {
		return err
	}
	if content != want.content {
		return fmt.Errorf("%q (links to %q and %q) led to %q, want %q", name, first, second, content, want.content)
	}
	return nil
}

// maxTarget is the longest target that every file system takes (symlink(2)).
const maxTarget = 1023

// possible tells whether a link can lead there.
func possible(target string) bool {
	return target != "" && len(target) <= maxTarget && !strings.Contains(target, "\x00")
}

// slashes tells whether something ends in one, or in one and a dot.
func slashes(paths ...string) bool {
	for _, p := range paths {
		if strings.HasSuffix(p, "/") || strings.HasSuffix(p, "/.") {
			return true
		}
	}
	return false
}

// read opens the name under the root.
func (t *Tree) read(name string) (content string, err error) {
	d, err := mmapguard.MapFileIn(t.root, name)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	err = d.View(func(b []byte) error {
		content = string(b)
		return nil
	})
	return content, err
}
