package fuzzers

import (
	"testing"

	"github.com/mmapguard/go/fuzzers/internal/mapfile"
	"github.com/mmapguard/go/fuzzers/internal/scratch"
)

var mapFileFolder = scratch.Once(mapfile.New)

// FuzzMapFile opens files of any contents and size with any options.
func FuzzMapFile(f *testing.F) {
	f.Add([]byte("content"), uint32(7), []byte{0, 0, 0, 1, 1, 1, 1, 1})
	f.Add([]byte("a hole follows"), uint32(20000), []byte{0, 1, 1, 0, 1, 0, 5, 5})
	f.Add([]byte("more than the buffers hold"), uint32(200000), []byte{3, 2})
	f.Add([]byte{}, uint32(0), []byte{3})
	f.Fuzz(func(t *testing.T, content []byte, size uint32, script []byte) {
		folder, err := mapFileFolder()
		if err == nil {
			err = folder.Check(mapfile.Input{Content: content, Size: size, Script: script})
		}
		if err != nil {
			t.Fatal(err)
		}
	})
}
