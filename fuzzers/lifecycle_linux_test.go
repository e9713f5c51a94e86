package fuzzers

import (
	"testing"

	"github.com/mmapguard/go/fuzzers/internal/lifecycle"
)

var lifecycles lifecycle.Runner

// FuzzLifecycle runs sequences of operations on handles and their file against
// a model.
func FuzzLifecycle(f *testing.F) {
	for _, seed := range lifecycle.Seeds() {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		if err := lifecycles.Run(input); err != nil {
			t.Fatal(err)
		}
	})
}
