package peers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

// Runner holds what a comparison needs besides the hazards and the peers.
type Runner struct {
	// Program is an executable that calls Child when its first argument is
	// ChildCommand.
	Program string
	// Dir is where files and mounts are made, in a directory of their own.
	Dir string
	// Timeout is how long a child may take before it counts as hanging.
	Timeout time.Duration
	// Parallel is how many children run at once. Most of a comparison's time
	// goes to children that hang and need no processor.
	Parallel int
}

// Run puts every hazard to every peer. An error means that the harness failed;
// what happens to the peers is in the report.
func (r Runner) Run(ctx context.Context) (*Report, error) {
	dir, err := os.MkdirTemp(r.Dir, "hazards-")
	if err != nil {
		return nil, err
	}
	report, err := r.runIn(ctx, dir)
	return report, errors.Join(err, os.RemoveAll(dir))
}

func (r Runner) runIn(ctx context.Context, dir string) (*Report, error) {
	report, err := newReport(r.Program)
	if err != nil {
		return nil, err
	}
	child32 := build32(ctx, dir)
	outcomes := make([]Outcome, len(report.Hazards)*len(report.Peers))
	errs := make([]error, len(outcomes))
	slots := make(chan struct{}, max(r.Parallel, 1))
	var all sync.WaitGroup
	for i := range outcomes {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			h, p := report.Hazards[i/len(report.Peers)], report.Peers[i%len(report.Peers)].Peer
			outcomes[i], errs[i] = r.cell(ctx, dir, child32, h, p)
		})
	}
	all.Wait()
	report.Outcomes = outcomes
	return report, errors.Join(errs...)
}

// cell runs one hazard against one peer, in a directory of its own.
func (r Runner) cell(ctx context.Context, dir string, child32 program, h Hazard, p Peer) (Outcome, error) {
	at, err := os.MkdirTemp(dir, h.ID+"-")
	if err != nil {
		return Outcome{}, err
	}
	o, err := r.meet(ctx, at, child32, h, p)
	if why, ok := skipReason(err); ok {
		o, err = Outcome{Verdict: Skipped, Cell: "skip", Detail: why}, nil
	}
	o.Hazard, o.Peer = h.ID, p.Name
	// What an error names is the file, not where this run put it.
	o.Detail = strings.ReplaceAll(o.Detail, at+string(os.PathSeparator), "")
	if err != nil {
		err = fmt.Errorf("%s against %s: %w", h.ID, p.Name, err)
	}
	return o, err
}

func (r Runner) meet(ctx context.Context, dir string, child32 program, h Hazard, p Peer) (Outcome, error) {
	use := program{path: r.Program}
	if h.Narrow {
		use = child32
	}
	if use.err != nil {
		return Outcome{}, use.err
	}
	s, err := h.Stage(dir)
	if err != nil {
		return Outcome{}, errors.Join(err, s.tidy())
	}
	e, err := s.spawn(ctx, use.path, r.Timeout, h, p)
	if err := errors.Join(err, s.tidy()); err != nil {
		return Outcome{}, err
	}
	return s.outcome(e), nil
}
