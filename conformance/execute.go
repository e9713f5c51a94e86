package conformance

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mmapguard/go/conformance/internal/child"
	"github.com/mmapguard/go/conformance/report"
)

// one makes one run, in a process and a folder of its own.
func (s *suite) one(ctx context.Context, j job) report.Result {
	start := time.Now()
	v := s.verdict(ctx, j)
	r := report.Result{
		ID: j.ID, Promise: j.Promise, Mechanism: j.mechanism.String(),
		Verdict: string(v.Status), Detail: v.Detail, Fatal: v.Fatal, Error: v.Error, Seconds: time.Since(start).Seconds(),
	}
	if j.mechanism != "" {
		r.Guarantee = guaranteeOf(j.mechanism).String()
	}
	return r
}

func (s *suite) verdict(ctx context.Context, j job) Verdict {
	if j.reason != "" {
		return notOffered("%s", j.reason)
	}
	dir, err := s.folder(strings.ReplaceAll(j.ID, "/", "-"))
	if err != nil {
		return broken("no folder for the case: %v", err)
	}
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	v := RunCase(ctx, j.Case, &Env{Dir: dir, Content: s.content, NoFaults: s.NoFaults, Damage: s.Damage, Mechanism: j.mechanism})
	if dir != "" {
		if err := os.RemoveAll(dir); err != nil {
			return broken("cleaning up after %q: %v", v, err)
		}
	}
	return v
}

// folder makes a folder of the suite's own, if any can be made.
func (s *suite) folder(name string) (string, error) {
	if s.root == "" {
		return "", nil
	}
	return os.MkdirTemp(s.root, name+"-")
}

// RunCase runs a case once, in a process of its own. A process that dies, or
// does not end before ctx does, is a broken promise.
func RunCase(ctx context.Context, c Case, e *Env) Verdict {
	var v Verdict
	o := order{ID: c.ID, Mechanism: e.Mechanism, Dir: e.Dir, Content: e.Content, NoFaults: e.NoFaults, Damage: e.Damage}
	last, err := run(ctx, "case", o, &v)
	for again := 0; again < runtimeRetries && err != nil && starved(last); again++ {
		last, err = run(ctx, "case", o, &v)
	}
	switch {
	case errors.Is(err, child.ErrStuck):
		return Verdict{Status: Broken, Detail: "it did not end in time: " + err.Error(), Fatal: true}
	case ctx.Err() != nil:
		return Verdict{Status: Broken, Detail: "it did not end in time", Fatal: true}
	case err != nil:
		return Verdict{Status: Broken, Detail: fmt.Sprintf("the process died: %v: %s", err, last), Fatal: true}
	}
	return v
}

// A case at the limit of maps or of memory may be ended by the Go runtime, which
// wants some for itself at any moment. That says nothing about the library.
func starved(last string) bool {
	return strings.Contains(last, "runtime: cannot allocate memory") || strings.Contains(last, "runtime: out of memory")
}

const runtimeRetries = 5

// run gives an order to a process of its own and reads its outcome. If there is
// none it returns what the process said last.
func run(ctx context.Context, action string, o order, outcome any) (last string, err error) {
	err = child.Again(func() (err error) {
		last, err = runOnce(ctx, action, o, outcome)
		return err
	})
	return last, err
}

func runOnce(ctx context.Context, action string, o order, outcome any) (last string, err error) {
	text, err := json.Marshal(o)
	if err != nil {
		return "", err
	}
	cmd, err := child.Command(ctx, action, string(text))
	if err != nil {
		return "", err
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	switch err := child.Run(ctx, cmd); {
	case errors.Is(err, child.ErrStuck):
		return "", err
	case err != nil:
		return headline(stderr.String()), err
	}
	if err := json.Unmarshal(stdout.Bytes(), outcome); err != nil {
		return headline(stderr.String()), fmt.Errorf("no verdict: %w", err)
	}
	return "", nil
}

// headline is the first lines of what a Go program says when it dies.
func headline(stderr string) string {
	lines := strings.SplitN(stderr, "\n", 4)
	return strings.Join(lines[:min(len(lines), 3)], " | ")
}

// settle makes the suite's folder, or finds files that are there if the
// directory is read-only.
func (s *suite) settle() error {
	dir, err := filepath.Abs(s.Dir)
	if err != nil {
		return err
	}
	if s.Content != "" {
		if s.content, err = contentOf(s.Content); err != nil {
			return err
		}
	}
	root, err := os.MkdirTemp(dir, "mmapguard-conformance-")
	switch {
	case err == nil:
		s.root, err = filepath.EvalSymlinks(root)
		return err
	case !readOnly(err):
		return err
	}
	if s.Content == "" {
		s.content, err = contentOf(dir)
		return err
	}
	return nil
}
