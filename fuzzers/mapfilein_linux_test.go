package fuzzers

import (
	"testing"

	"github.com/mmapguard/go/fuzzers/internal/rooted"
)

// FuzzMapFileIn opens names under a root in which links lead everywhere.
func FuzzMapFileIn(f *testing.F) {
	f.Add("file", "file", "file")
	f.Add("dir/../dir/./deep//file", "x", "x")
	f.Add("one", "dir/two", "../one/..")
	f.Add("dir/two/file", "@/secret", "@")
	f.Add("\x03\x06\x01\x07", "\x03\x04", "\x02\x05") // dir/two/file, through dir/deep
	tree, err := rooted.New(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := tree.Close(); err != nil {
			f.Error(err)
		}
	})
	f.Fuzz(func(t *testing.T, name, one, two string) {
		if err := tree.Check(rooted.Query{Name: name, One: one, Two: two}); err != nil {
			t.Fatal(err)
		}
	})
}
