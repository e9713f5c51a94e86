package conformance

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/mmapguard/go/conformance/report"
	"github.com/mmapguard/go/mmapguard"
)

// Options say what to run, and where.
type Options struct {
	// Dir is a directory on the file system in question. Everything happens in a
	// folder that is made there and removed again; if the directory is read-only,
	// files that it holds already are read instead. Empty means the system's
	// directory for temporary files.
	Dir string
	// Content is a directory with files that nobody changes, for the cases that
	// read what is there already; empty means none, or Dir if that is read-only.
	Content string
	// Name tells the platform in comparisons; empty means a description of it.
	Name string
	// Run selects cases by ID; nil means all.
	Run *regexp.Regexp
	// Guarantees selects what is run with a mechanism; none means all.
	Guarantees []mmapguard.Guarantee
	// NoFaults leaves out what needs memory faults.
	NoFaults bool
	// Exclude leaves out cases by ID, each for the reason given.
	Exclude map[string]string
	// Damage is a command that makes storage fail: with "fail FILE OFFSET" it makes
	// the page of a file unreadable that holds that byte, with "heal FILE" it
	// undoes that. Only one page at a time is asked for, if Parallel is 1. Empty
	// means that there is no such command.
	Damage string
	// Timeout ends a run of a case; 0 means DefaultTimeout.
	Timeout time.Duration
	// Parallel is how many runs there are at a time; 0 means DefaultParallel.
	Parallel int
	// Progress is told of every result as it comes; calls do not overlap.
	Progress func(done, all int, r report.Result)
	// StopEarly ends the whole once a promise was broken.
	StopEarly bool
}

const (
	// DefaultTimeout is far beyond what any case takes: it is there for what
	// hangs.
	DefaultTimeout = 30 * time.Second
	// DefaultParallel is two: cases are busy waiting for each other's processes,
	// and an operator's machine has other work.
	DefaultParallel = 2
)

// suite is a run of the suite.
type suite struct {
	Options
	root    string   // the suite's own folder; empty if the directory is read-only
	content []string // files that are there already
	offers  []offer
	unsound string // how the storage fails; empty if files read as they were written
	silent  bool   // it does not answer at all
}

// Run runs the cases and returns the report, also one that is not complete
// because ctx ended. It leaves nothing behind. An error means that the suite
// could not run at all, or that it could not clean up.
func Run(ctx context.Context, opts Options) (*report.Report, error) {
	s := &suite{Options: withDefaults(opts)}
	if err := s.settle(); err != nil {
		return nil, err
	}
	r, err := s.run(ctx)
	if s.root != "" {
		if rmErr := os.RemoveAll(s.root); rmErr != nil {
			err = fmt.Errorf("cleaning up: %w", rmErr)
		}
	}
	return r, err
}

func withDefaults(o Options) Options {
	if o.Dir == "" {
		o.Dir = os.TempDir()
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Parallel == 0 {
		o.Parallel = DefaultParallel
	}
	if o.Progress == nil {
		o.Progress = func(int, int, report.Result) {}
	}
	return o
}

func (s *suite) run(ctx context.Context) (*report.Report, error) {
	start := time.Now()
	if err := s.look(ctx); err != nil {
		return nil, err
	}
	r := &report.Report{
		Schema: report.Schema, Started: start.UTC().Truncate(time.Second),
		Platform: s.platform(), Offers: s.offered(), Results: s.all(ctx, s.plan()),
	}
	r.Seconds = time.Since(start).Seconds()
	return r, nil
}

// look finds out what there is to be tried.
func (s *suite) look(ctx context.Context) (err error) {
	if err := s.storage(ctx); err != nil {
		return fmt.Errorf("whether files read as they were written could not be found out: %w", err)
	}
	if s.offers, err = s.probe(ctx); err != nil {
		return fmt.Errorf("what there is could not be found out: %w", err)
	}
	return nil
}

func (s *suite) probe(ctx context.Context) ([]offer, error) {
	if s.silent {
		return nothing(s.unsound), nil
	}
	dir, err := s.folder("probe")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	return probe(ctx, order{Dir: dir, Content: s.content})
}

// answerTime is how long storage may take to give back a few pages that were
// written just now.
const answerTime = 15 * time.Second

// storage finds out how the storage fails, if it does.
func (s *suite) storage(ctx context.Context) error {
	dir, err := s.folder("storage")
	if err != nil || dir == "" {
		return err
	}
	patience := min(s.Timeout, answerTime)
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err = run(limited, "storage", order{Dir: dir}, &s.unsound)
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		s.silent, s.unsound = true, fmt.Sprintf("the storage does not answer: a file written just now was not read within %v", patience)
		return nil
	}
	return err
}

func (s *suite) offered() []report.Offer {
	var list []report.Offer
	for _, o := range s.offers {
		list = append(list, report.Offer{
			Mechanism: o.Mechanism.String(), Guarantee: guaranteeOf(o.Mechanism).String(),
			Offered: o.Reason == "", Reason: o.Reason,
		})
	}
	slices.SortStableFunc(list, func(a, b report.Offer) int {
		return int(guaranteeOf(mmapguard.Mechanism(a.Mechanism)) - guaranteeOf(mmapguard.Mechanism(b.Mechanism)))
	})
	return list
}

// all runs what is planned, a few at a time, and returns the results in the
// order of the plan.
func (s *suite) all(ctx context.Context, plan []job) []report.Result {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	results := make([]*report.Result, len(plan))
	var mu sync.Mutex
	var wg sync.WaitGroup
	next, done := 0, 0
	for range s.Parallel {
		wg.Go(func() {
			for {
				mu.Lock()
				i := next
				next++
				mu.Unlock()
				if i >= len(plan) || ctx.Err() != nil {
					return
				}
				r := s.one(ctx, plan[i])
				mu.Lock()
				if ctx.Err() == nil { // else it was cut short and says nothing
					done++
					results[i] = &r
					s.Progress(done, len(plan), r)
				}
				if s.StopEarly && r.Verdict == report.Broken {
					stop()
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	var list []report.Result
	for _, r := range results {
		if r != nil {
			list = append(list, *r)
		}
	}
	return list
}
