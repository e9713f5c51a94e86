package fuzzers

import (
	"testing"

	"github.com/mmapguard/go/fuzzers/internal/lifecycle"
)

// FuzzLifecycle runs sequences of operations on handles and their file against
// a model.
func FuzzLifecycle(f *testing.F) {
	f.Add([]byte("\x00\x00\x01\x01\x00\x02\x00\x00\x00"))
	var run lifecycle.Runner
	f.Cleanup(func() {
		if err := run.Close(); err != nil {
			f.Error(err)
		}
	})
	f.Fuzz(func(t *testing.T, input []byte) {
		if err := run.Run(input); err != nil {
			t.Fatal(err)
		}
	})
}
