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
// systems have, and most rows wait for processes half of their time.
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
	return m, nil
}

// run runs the suite in one row.
func (t *tools) run(ctx context.Context, r row) outcome {
	o := outcome{Name: r.name, Note: r.note}
	if reason := t.missing(r); reason != "" {
		o.NotRun = reason
		return o
	}
	binary, err := t.suite(ctx, r)
	if err != nil {
		o.Failed = err.Error()
		return o
	}
	start := time.Now()
	o.Report, err = t.judge(ctx, r, binary)
	o.Seconds = time.Since(start).Seconds()
	if err != nil {
		o.Failed = err.Error()
	}
	if o.Report != nil {
		o.Report.Platform.Name = r.name
		if r.faulty {
			excuse(o.Report)
		}
	}
	return o
}

// judge starts the suite and reads its report.
func (t *tools) judge(ctx context.Context, r row, binary string) (*report.Report, error) {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	argv := r.start(t, r, binary, append([]string{"--json", "-", "--name", r.name}, r.flags...))
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...) // #nosec G204 -- from the tables here
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	// The laboratory cleans up when it is asked to end.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = grace
	err := cmd.Run()
	doc, bad := report.ReadJSON(&stdout)
	switch {
	case ctx.Err() != nil:
		return doc, fmt.Errorf("it did not end within %v: %s", r.timeout, lastLine(stderr.String()))
	case bad != nil:
		return nil, fmt.Errorf("%w (%w): %s", bad, err, lastLine(stderr.String()))
	case cmd.ProcessState.ExitCode() > exitBroken:
		return doc, fmt.Errorf("%w: %s", err, lastLine(stderr.String()))
	}
	return doc, nil
}

// excuse turns what is broken into what was to be expected of a file system
// that fails itself, unless the process died or hung.
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
