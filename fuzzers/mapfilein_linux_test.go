package fuzzers

import (
	"testing"

	"github.com/mmapguard/go/fuzzers/internal/rooted"
	"github.com/mmapguard/go/fuzzers/internal/scratch"
)

var mapFileInTree = scratch.Once(rooted.New)

// FuzzMapFileIn opens names under a root in which links lead everywhere.
func FuzzMapFileIn(f *testing.F) {
	f.Add("file", "file", "file")
	f.Add("dir/../dir/./deep//file", "x", "x")
	f.Add("one", "dir/two", "../one/..")
	f.Add("dir/two/file", "@/secret", "@")
	f.Add("\x03\x06\x01\x07", "\x03\x04", "\x02\x05") // dir/two/file, through dir/deep
	f.Fuzz(func(t *testing.T, name, one, two string) {
		tree, err := mapFileInTree()
		if err == nil {
			err = tree.Check(rooted.Query{Name: name, One: one, Two: two})
		}
		if err != nil {
			t.Fatal(err)
		}
	})
}
