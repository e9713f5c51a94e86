package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/mmapguard/go/conformance/report"
)

// parallel rows at a time: two processors are what the smallest machines of CI
// systems have, and most rows wait for processes half of their time. That bounds
// the memory as well: a virtual machine has 1 GiB, and no other row takes as
// much.
const parallel = 2

// grace is how long a row that ran out of time may take to unmount and to
// remove what it made.
const grace = 20 * time.Second

// runAll runs the rows, a few at a time.
func runAll(ctx context.Context, list []row) (_ *matrix, err error) {
	dir, err := os.MkdirTemp("", "mmapguard-matrix-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	t, err := prepare(ctx, dir)
	if err != nil {
		return nil, err
	}
	return t.runRows(ctx, list), nil
}

func (t *tools) runRows(ctx context.Context, list []row) *matrix {
	m := &matrix{Rows: make([]outcome, len(list))}
	start := time.Now()
	next := make(chan int)
	var workers sync.WaitGroup
	for range parallel {
		workers.Go(func() {
			for i := range next {
				m.Rows[i] = t.run(ctx, list[i])
				fmt.Fprintln(os.Stderr, m.Rows[i].line())
			}
		})
	}
	for i := range list {
		next <- i
	}
	close(next)
	workers.Wait()
	m.Seconds = time.Since(start).Seconds()
	return m
}

// run runs the suite in one row.
func (t *tools) run(ctx context.Context, r row) outcome {
	o := outcome{Name: r.name, Note: r.note}
	if o.NotRun = t.missing(r); o.NotRun != "" {
		return o
	}
	start := time.Now()
	rep, err := t.try(ctx, r)
	o.Seconds = time.Since(start).Seconds()
	switch {
	case ctx.Err() != nil: // what it did until then proves nothing
		o.Cancelled = true
		return o
	case err != nil:
		o.Failed = err.Error()
	}
	if o.Report = rep; rep != nil {
		o.Report.Platform.Name = r.name
		if r.faulty {
			excuse(o.Report)
		}
	}
	return o
}

// try builds the suite for a row and runs it there.
func (t *tools) try(ctx context.Context, r row) (*report.Report, error) {
	binary, err := t.build(ctx, r)
	if err != nil {
		return nil, err
	}
	return t.judge(ctx, r, binary)
}

// judge starts the suite and reads its report.
func (t *tools) judge(ctx context.Context, r row, binary string) (*report.Report, error) {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	// A case mounts a file system, which a process that is confined cannot.
	argv := r.start(t, r, binary, append([]string{"--no-confine", "--json", "-", "--name", r.name}, r.allFlags()...))
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...) // #nosec G204 -- from the tables here
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	// The laboratory cleans up when it is asked to end.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = grace
	failure := cmd.Run()
	doc, bad := report.ReadJSON(&stdout)
	switch {
	case ctx.Err() != nil:
		failure = fmt.Errorf("it did not end within %v", r.timeout)
	case cmd.ProcessState == nil: // it could not be started
	case bad != nil:
		failure = fmt.Errorf("%w (%v)", bad, cmd.ProcessState)
	default:
		failure = credible(doc, cmd.ProcessState.ExitCode())
	}
	if failure != nil {
		return doc, fmt.Errorf("%w: %s", failure, lastLine(stderr.String()))
	}
	return doc, nil
}

// credible compares a report with the status that the suite ended with: one
// that died after it had written its report has not told everything.
func credible(doc *report.Report, status int) error {
	want := exitHeld
	if doc.Count(report.Broken) > 0 {
		want = exitBroken
	}
	switch {
	case len(doc.Results) == 0:
		return errors.New("no case was run")
	case status != want:
		return fmt.Errorf("the suite ended with status %d, and its report wants %d", status, want)
	}
	return nil
}

// excuse turns errors into what was to be expected of a file system that fails
// itself. A wrong byte, a process that died or one that hung is never excused.
func excuse(r *report.Report) {
	for i, result := range r.Results {
		if result.Verdict == report.Broken && result.Error && !result.Fatal {
			r.Results[i].Verdict = report.Failed
		}
	}
}

// lastLine is the last that was said, without what progress erased.
func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexAny(s, "\n\r")+1:]
}
