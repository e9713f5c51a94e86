package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mmapguard/go/conformance/report"
)

// TestMain lets this program stand in for a suite, in one of the ways in which
// one can end.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "fake-suite" {
		os.Exit(fakeSuite(os.Args[2]))
	}
	os.Exit(m.Run())
}

// outcomes of cases, for reports.
var (
	held       = report.Result{ID: "SR-1/a", Promise: "A.", Verdict: report.Held}
	notOffered = report.Result{ID: "AV-2/b", Promise: "B.", Verdict: report.NotOffered, Detail: "no such thing: /tmp/x/y"}
	wrongByte  = report.Result{ID: "AV-2/b", Promise: "B.", Verdict: report.Broken, Detail: "byte 3 is 0"}
	ioError    = report.Result{ID: "TRAP-3/c", Promise: "C.", Verdict: report.Broken, Detail: "input/output error", Error: true}
	crash      = report.Result{ID: "TRAP-3/c", Promise: "C.", Verdict: report.Broken, Detail: "SIGBUS", Fatal: true, Error: true}
)

func fakeSuite(how string) int {
	write := func(status int, results ...report.Result) int {
		if err := docOf(results...).WriteJSON(os.Stdout); err != nil {
			return 99
		}
		return status
	}
	switch how {
	case "held":
		return write(0, held, notOffered)
	case "wrong byte":
		return write(1, held, wrongByte)
	case "error":
		return write(1, held, ioError)
	case "crash":
		return write(1, crash)
	case "empty":
		return write(0)
	case "late death":
		return write(139, held)
	case "lie":
		return write(0, wrongByte)
	case "hang":
		stop := make(chan os.Signal, 1)
		signal.Notify(stop, syscall.SIGTERM)
		fmt.Fprintln(os.Stderr, "started")
		<-stop
		return 1
	}
	fmt.Fprintln(os.Stderr, "the last words")
	return 134
}

func docOf(results ...report.Result) *report.Report {
	return &report.Report{Schema: report.Schema, Platform: report.Platform{Name: "here"}, Results: results}
}

// fake is a row with such a suite.
func fake(how string) row {
	return row{name: how, timeout: time.Minute, start: func(_ *tools, r row, binary string, _ []string) []string {
		return []string{binary, "fake-suite", r.name}
	}}
}

func faulty(r row) row {
	r.faulty = true
	return r
}

// runFakes runs rows with this program as their suite.
func runFakes(ctx context.Context, list ...row) *matrix {
	t := &tools{build: func(context.Context, row) (string, error) { return os.Executable() }}
	return t.runRows(ctx, list)
}

func TestRowsAreJudged(t *testing.T) {
	for _, test := range []struct {
		row    row
		status int
		says   string
	}{
		{fake("held"), exitHeld, "1 held  0 BROKEN   1 not offered"},
		{fake("wrong byte"), exitBroken, "1 held  1 BROKEN"},
		{fake("error"), exitBroken, "1 held  1 BROKEN"},
		{faulty(fake("error")), exitHeld, "1 held  0 BROKEN   0 not offered   1 errors"},
		{faulty(fake("wrong byte")), exitBroken, "1 held  1 BROKEN"},
		{faulty(fake("crash")), exitBroken, "0 held  1 BROKEN"},
		{fake("death"), exitBroken, "FAILED"},
		{fake("late death"), exitBroken, "FAILED"},
		{fake("lie"), exitBroken, "FAILED"},
		{fake("empty"), exitBroken, "FAILED"},
	} {
		m := runFakes(t.Context(), test.row)
		status, text, err := concluded(t, m)
		if status != test.status || err != nil || !strings.Contains(text, test.says) {
			t.Errorf("%s (faulty: %v): status %d, want %d and %q; %v\n%s", test.row.name, test.row.faulty, status, test.status, test.says, err, text)
		}
	}
}

// concluded is what the command makes of a matrix.
func concluded(t *testing.T, m *matrix) (status int, text string, err error) {
	t.Helper()
	out, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	status, err = conclude(m, "", out)
	said, readErr := os.ReadFile(out.Name())
	if readErr != nil {
		t.Fatal(readErr)
	}
	return status, string(said), err
}

// TestDeathIsAFailure wants the last words of a suite that left no report.
func TestDeathIsAFailure(t *testing.T) {
	m := runFakes(t.Context(), fake("death"))
	if o := m.Rows[0]; !strings.Contains(o.Failed, "the last words") || !strings.Contains(o.Failed, "134") || o.NotRun != "" {
		t.Errorf("got %+v", o)
	}
}

func TestTimeoutIsAFailure(t *testing.T) {
	r := fake("hang")
	r.timeout = time.Second
	m := runFakes(t.Context(), r)
	if o := m.Rows[0]; !strings.Contains(o.Failed, "did not end within 1s") || o.Cancelled {
		t.Errorf("got %+v", o)
	}
}

// TestBuildFailureIsAFailure has a suite that cannot be built, or not be
// started.
func TestBuildFailureIsAFailure(t *testing.T) {
	for name, build := range map[string]func(context.Context, row) (string, error){
		"no build": func(context.Context, row) (string, error) { return "", errors.New("no build") },
		"no start": func(context.Context, row) (string, error) { return "/no/such/suite", nil },
	} {
		m := (&tools{build: build}).runRows(t.Context(), []row{fake("held")})
		if status, text, _ := concluded(t, m); status != exitBroken || !strings.Contains(text, "FAILED") {
			t.Errorf("%s: status %d\n%s", name, status, text)
		}
	}
}

// TestCancelled ends the matrix while rows run, and before others do.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	m := runFakes(ctx, fake("held"), fake("hang"), fake("hang"), fake("held"), fake("held"))
	if m.Rows[0].Report == nil || m.count(outcome.cancelled) != 4 || m.count(outcome.failed) != 0 {
		t.Errorf("got %+v", m.Rows)
	}
	status, text, err := concluded(t, m)
	if status != exitUnable || err == nil || !strings.Contains(text, "4 cancelled") {
		t.Errorf("status %d, %v\n%s", status, err, text)
	}
	// What was broken before is worse.
	m.Rows = append(m.Rows, runFakes(t.Context(), fake("wrong byte")).Rows...)
	if status, _, _ := concluded(t, m); status != exitBroken {
		t.Errorf("with a broken promise: status %d", status)
	}
}

func TestRowsThatCannotBeRun(t *testing.T) {
	r := fake("held")
	r.command, r.offer = "vm", "z80"
	lacking := &tools{offers: map[string]offer{"vm z80": {Reason: "no kernel"}}}
	for reason, lab := range map[string]*tools{
		"no kernel": lacking, "the laboratory does not know it": {}, "no laboratory: none": {noLab: "none"},
	} {
		m := lab.runRows(t.Context(), []row{r})
		if o := m.Rows[0]; o.NotRun != reason || o.Failed != "" {
			t.Errorf("got %+v, want %q", o, reason)
		}
		if status, text, _ := concluded(t, m); status != exitHeld || !strings.Contains(text, "not run: "+reason) {
			t.Errorf("status %d\n%s", status, text)
		}
		if status, err := judged(m, true); status != exitBroken || err == nil {
			t.Errorf("complete: status %d, %v", status, err)
		}
	}
}

// judged is what main makes of a matrix that has been run.
func judged(m *matrix, complete bool) (int, error) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return exitUnable, err
	}
	defer func() { _ = null.Close() }()
	return finish(m, "", complete, null)
}
