package fuzzers

import (
	"math"
	"testing"

	"github.com/mmapguard/go/fuzzers/internal/stream"
)

// FuzzLoadReader feeds LoadReader by readers that break every rule.
func FuzzLoadReader(f *testing.F) {
	f.Add([]byte{}, int64(0))
	f.Add([]byte{0, 10, 1, 5}, int64(-1))
	f.Add([]byte{0, 255, 8, 240, 4, 1, 1, 1}, int64(math.MaxInt64))
	f.Add([]byte{4, 70, 0, 1, 3, 0, 0, 1}, int64(100)) // a reader that tries one's patience
	f.Fuzz(func(t *testing.T, input []byte, limit int64) {
		if err := stream.Check(input, limit); err != nil {
			t.Fatal(err)
		}
	})
}
