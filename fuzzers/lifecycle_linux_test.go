package fuzzers

import (
	"flag"
	"testing"

	"github.com/mmapguard/go/fuzzers/internal/lifecycle"
)

// leaksEvery is how many sequences of a fuzzing process go by between two looks
// for leaks, which take as long as a sequence.
const leaksEvery = 50

// FuzzLifecycle runs sequences of operations on handles and their file against
// a model.
func FuzzLifecycle(f *testing.F) {
	f.Add([]byte("\x00\x00\x01\x01\x00\x02\x00\x00\x00"))
	run := lifecycle.Runner{Every: 1}
	if worker := flag.Lookup("test.fuzzworker"); worker != nil && worker.Value.String() == "true" {
		run.Every = leaksEvery
	}
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
