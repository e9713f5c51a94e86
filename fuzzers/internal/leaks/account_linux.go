package leaks

import (
	"flag"
	"fmt"
)

// everyWhenFuzzing is how many runs of a fuzzing process go by between two
// counts, each of which takes as long as several runs.
const everyWhenFuzzing = 50

// Account counts now and then what runs leave behind. If there is something, it
// repeats the runs one by one, to name the input of the one that did: a fuzzer
// keeps the input of the run that fails, which need not be the guilty one.
type Account struct {
	folder string
	every  int
	before Count
	since  []run
}

type run struct {
	input  any
	repeat func() error
}

// NewAccount takes what there is now as what there may be. The folder is the
// one that the files are in.
func NewAccount(folder string) (*Account, error) {
	before, err := Take(folder)
	every := 1
	if worker := flag.Lookup("test.fuzzworker"); worker != nil && worker.Value.String() == "true" {
		every = everyWhenFuzzing
	}
	return &Account{folder: folder, every: every, before: before}, err
}

// After notes a run that found nothing wrong, and how to repeat it. The error
// is a leak.
func (a *Account) After(input any, repeat func() error) error {
	a.since = append(a.since, run{input, repeat})
	if len(a.since) < a.every {
		return nil
	}
	runs := a.since
	a.since = nil
	err := a.before.Check(a.folder)
	if err == nil || len(runs) == 1 {
		return err
	}
	return fmt.Errorf("%w; it came of the input %#v", err, a.guilty(runs))
}

// guilty is the input of the first run that leaks when it is repeated.
func (a *Account) guilty(runs []run) any {
	for _, r := range runs {
		before, err := Take(a.folder)
		if err == nil {
			err = r.repeat()
		}
		if err == nil {
			err = before.Check(a.folder)
		}
		if err != nil {
			return r.input
		}
	}
	return "(none: no run of the last ones leaks by itself)"
}
