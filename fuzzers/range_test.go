package fuzzers

import (
	"testing"

	"github.com/mmapguard/go/fuzzers/internal/ranges"
	"github.com/mmapguard/go/fuzzers/internal/scratch"
)

var rangeFiles = scratch.Once(ranges.New)

// FuzzRange tries offsets and lengths of any size.
func FuzzRange(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{4, 1, 3, 2, 1, 15, 0, 1, 0, 4, 1, 15, 1, 1, 5, 1, 2})
	f.Add([]byte{3, 0, 10, 0, 5, 0, 3, 0, 9, 0, 0, 1})
	f.Fuzz(func(t *testing.T, script []byte) {
		files, err := rangeFiles()
		if err == nil {
			err = files.Check(script)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
}
