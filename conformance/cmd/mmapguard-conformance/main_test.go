package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mmapguard/go/conformance"
	"github.com/mmapguard/go/conformance/report"
)

func TestMain(m *testing.M) {
	conformance.Main()
	if os.Getenv(confinedVar) != "" {
		os.Exit(confinedMain())
	}
	os.Exit(m.Run())
}

// called runs the program and returns its exit status and what it wrote.
func called(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = program{}.run(t.Context(), args, &out, &errs)
	return status, out.String(), errs.String()
}

// few are cases that take no time, one of them with every mechanism.
const few = `^(AV-1/reader-.*|SR-1/capacity-is-length)$`

func TestRun(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "mine")
	if err := os.WriteFile(mine, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	junit := filepath.Join(t.TempDir(), "junit.xml")
	status, stdout, stderr := called(t, "--dir", dir, "--run", few, "--name", "here", "--json", "-", "--junit", junit)
	if status != exitHeld {
		t.Fatalf("status %d\n%s%s", status, stdout, stderr)
	}
	r, err := report.ReadJSON(strings.NewReader(stdout))
	if err != nil {
		t.Fatal(err)
	}
	if r.Count(report.Held) < 5 || r.Count(report.Broken) > 0 || r.Platform.Name != "here" || r.Platform.PageSize != os.Getpagesize() {
		t.Errorf("the report is %+v", r)
	}
	checkJUnit(t, junit, len(r.Results))
	if left := files(t, dir); !slices.Equal(left, []string{"mine"}) {
		t.Errorf("the directory holds %q afterwards", left)
	}
}

func checkJUnit(t *testing.T, name string, n int) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Suites []struct {
			Cases []struct{} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Suites) != 1 || len(doc.Suites[0].Cases) != n {
		t.Errorf("got %+v, want %d cases", doc, n)
	}
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if path != dir {
			names = append(names, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestTableOnStandardOutput(t *testing.T) {
	status, stdout, stderr := called(t, "--dir", t.TempDir(), "--run", few)
	if status != exitHeld || !strings.Contains(stdout, "What mmapguard can promise here") || !strings.Contains(stdout, "reader-limit-exact") {
		t.Errorf("status %d\n%s%s", status, stdout, stderr)
	}
	if !strings.Contains(stderr, " of ") {
		t.Errorf("no progress on standard error: %q", stderr)
	}
}

func TestGuarantee(t *testing.T) {
	_, stdout, _ := called(t, "--dir", t.TempDir(), "--run", "SR-1/", "--guarantee", "isolated", "--json", "-")
	r, err := report.ReadJSON(strings.NewReader(stdout))
	if err != nil {
		t.Fatal(err)
	}
	for _, result := range r.Results {
		if result.Guarantee != "Isolated" {
			t.Errorf("%s was run", result.Name())
		}
	}
	if len(r.Results) == 0 {
		t.Error("nothing was run")
	}
}

func TestList(t *testing.T) {
	status, stdout, _ := called(t, "--list")
	if n := strings.Count(stdout, "| `"); status != exitHeld || n != len(conformance.Catalog()) {
		t.Errorf("status %d, %d cases", status, n)
	}
}

func TestCalledWrongly(t *testing.T) {
	for name, args := range map[string][]string{
		"an unknown flag":        {"--nonsense"},
		"an argument":            {"here"},
		"a bad expression":       {"--run", "("},
		"an unknown guarantee":   {"--guarantee", "Hopeful"},
		"no time":                {"--timeout", "0s"},
		"no case":                {"--run", "no such case"},
		"a missing directory":    {"--dir", "/no/such/directory"},
		"two documents":          {"--json", "-", "--junit", "-"},
		"merge without reports":  {"merge"},
		"merge without a report": {"merge", "/no/such/file"},
	} {
		if status, _, stderr := called(t, args...); status != exitUnable || stderr == "" {
			t.Errorf("%s: status %d, %q", name, status, stderr)
		}
	}
}

// TestInterrupted ends the run after the first case: nothing may be left.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	var stdout bytes.Buffer
	status := program{}.run(ctx, []string{"--dir", dir}, &stdout, writerFunc(func(p []byte) (int, error) {
		cancel() // with the first sign of progress
		return len(p), nil
	}))
	if status != exitUnable {
		t.Errorf("status %d, want %d", status, exitUnable)
	}
	if left := files(t, dir); len(left) > 0 {
		t.Errorf("the directory holds %q afterwards", left)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func TestMerge(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for _, platform := range []string{"one", "two"} {
		name := filepath.Join(dir, platform)
		names = append(names, name)
		if status, _, stderr := called(t, "--dir", t.TempDir(), "--run", few, "--name", platform, "--json", name); status != exitHeld {
			t.Fatalf("status %d: %s", status, stderr)
		}
	}
	status, stdout, _ := called(t, append([]string{"merge"}, names...)...)
	if status != exitHeld || !strings.Contains(stdout, "1: one\n2: two\n") || !strings.Contains(stdout, "SR-1/capacity-is-length") {
		t.Errorf("status %d\n%s", status, stdout)
	}
	status, stdout, _ = called(t, append([]string{"merge", "--json"}, names...)...)
	if status != exitHeld || !strings.HasPrefix(stdout, "{") {
		t.Errorf("status %d\n%s", status, stdout)
	}
}
