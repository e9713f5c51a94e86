package fuzzers

import (
	"testing"

	"github.com/mmapguard/go/fuzzers/internal/mapfile"
)

// FuzzMapFile opens files of any contents and size with any options.
func FuzzMapFile(f *testing.F) {
	f.Add([]byte("content"), uint32(7), []byte{0, 0, 0, 1, 1, 1, 1, 1})
	f.Add([]byte("a hole follows"), uint32(20000), []byte{0, 1, 1, 0, 1, 0, 5, 5})
	f.Add([]byte{}, uint32(0), []byte{3})
	folder, err := mapfile.New(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, content []byte, size uint32, script []byte) {
		if err := folder.Check(mapfile.Input{Content: content, Size: size, Script: script}); err != nil {
			t.Fatal(err)
		}
	})
}
