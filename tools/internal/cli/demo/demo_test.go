package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

const sleeper = "sleeper"

// The test binary also plays the parts, and some that fail.
func TestMain(m *testing.M) {
	if len(os.Args) < 2 {
		os.Exit(runTests(m))
	}
	var err error
	switch os.Args[1] {
	case ReaderRole:
		err = Reader(os.Args[2], os.Args[3], os.Stdin, os.Stdout)
	case WriterRole:
		err = Truncate(os.Args[2], os.Stdout)
	case sleeper:
		_, err = io.Copy(io.Discard, os.Stdin)
	default:
		os.Exit(runTests(m))
	}
	if err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// runTests keeps the race detector from delaying the end of every process by its
// usual second; the demonstration has a time limit.
func runTests(m *testing.M) int {
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0"); err != nil {
		panic(err)
	}
	return m.Run()
}

func self(ctx context.Context, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, os.Args[0], args...) // #nosec G702 -- the test binary itself
}

func row(t *testing.T, r *Report, reader string) Row {
	t.Helper()
	for _, row := range r.Rows {
		if row.Reader == reader {
			return row
		}
	}
	t.Fatalf("%s is not in %+v", reader, r)
	return Row{}
}

// patternFile makes the file of the demonstration.
func patternFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "data")
	if err := makeFile(name); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestRun(t *testing.T) {
	report, err := Run(t.Context(), Config{t.TempDir(), self})
	if err != nil {
		t.Fatal(err)
	}
	if r := row(t, report, wayReadFile); r.Outcome != Survived || r.Seen.Intact != FileSize {
		t.Errorf("os.ReadFile: %+v", r)
	}
	for _, g := range mmapguard.Guarantees() {
		r := row(t, report, g.String())
		if r.Outcome == Died {
			t.Errorf("%v died: %+v", g, r)
		}
		// From Enforced on the writer cannot be noticed.
		if g > mmapguard.Cooperative && r.Outcome == Survived && r.Seen.Intact != FileSize {
			t.Errorf("%v was promised, and lost bytes: %+v", g, r.Seen)
		}
	}
}

// A program that cannot play its part is an error, not a row.
func TestRunWithoutReaders(t *testing.T) {
	broken := func(ctx context.Context, _ ...string) *exec.Cmd { return self(ctx, sleeper) }
	if _, err := (Config{t.TempDir(), missingProgram}).try(t.Context(), wayRaw, t.TempDir()); err == nil {
		t.Error("no reader could be started, and nobody noticed")
	}
	ctx, cancel := context.WithCancel(t.Context())
	stopping := func(ctx context.Context, args ...string) *exec.Cmd {
		cancel()
		return broken(ctx, args...)
	}
	if _, err := (Config{t.TempDir(), stopping}).try(ctx, wayRaw, t.TempDir()); err == nil {
		t.Error("the reader said nothing, and nobody noticed")
	}
	if _, err := Run(t.Context(), Config{filepath.Join(t.TempDir(), "missing"), self}); err == nil {
		t.Error("the directory is missing, and nobody noticed")
	}
}

func missingProgram(ctx context.Context, _ ...string) *exec.Cmd {
	return exec.CommandContext(ctx, filepath.Join(os.TempDir(), "no", "such", "program"))
}

// A writer that cannot work is an error of the demonstration, and one that waits
// for ever is ended.
func TestRunWithoutWriter(t *testing.T) {
	noWriter := func(ctx context.Context, args ...string) *exec.Cmd {
		if args[0] == WriterRole {
			return missingProgram(ctx)
		}
		return self(ctx, args...)
	}
	if _, err := Run(t.Context(), Config{t.TempDir(), noWriter}); err == nil || !strings.Contains(err.Error(), "the writer failed") {
		t.Errorf("error is %v", err)
	}
}

func TestReaderReports(t *testing.T) {
	name := patternFile(t)
	for _, way := range []string{wayRaw, wayReadFile, mmapguard.Cooperative.String()} {
		var out bytes.Buffer
		if err := Reader(way, name, strings.NewReader(""), &out); err != nil {
			t.Fatal(err)
		}
		say := json.NewDecoder(&out)
		var opened Opened
		var seen Seen
		if err := errors.Join(say.Decode(&opened), say.Decode(&seen)); err != nil {
			t.Fatal(err)
		}
		if opened.Cost <= 0 || (opened.Guarantee != "") != (way == "Cooperative") {
			t.Errorf("%s opened %+v", way, opened)
		}
		if seen.Intact != FileSize || seen.Wrong || seen.Error != "" {
			t.Errorf("%s saw %+v", way, seen)
		}
	}
}

// What is not to be had is a message; what is wrong from the start is an error.
func TestReaderFailures(t *testing.T) {
	var out bytes.Buffer
	if err := Reader("nonsense", patternFile(t), strings.NewReader(""), &out); err != nil || !strings.Contains(out.String(), "unknown way") {
		t.Errorf("an unknown way: %v, %q", err, out.String())
	}
	short := patternFile(t)
	if err := os.Truncate(short, KeptSize); err != nil {
		t.Fatal(err)
	}
	if err := Reader(wayReadFile, short, strings.NewReader(""), io.Discard); err == nil {
		t.Error("a file that is too short is taken for whole")
	}
}

func TestReadThrough(t *testing.T) {
	name := patternFile(t)
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := f.WriteAt([]byte{1}, 4096); err != nil {
		t.Fatal(err)
	}
	if seen := readThrough(f); seen.Intact != 4096 || !seen.Wrong {
		t.Errorf("a changed byte: %+v", seen)
	}
	if err := f.Truncate(1024); err != nil {
		t.Fatal(err)
	}
	if seen := readThrough(f); seen.Intact != 1024 || seen.Error != "EOF" || seen.Wrong {
		t.Errorf("a short file: %+v", seen)
	}
}

func TestRawEnds(t *testing.T) {
	src, err := openRaw(patternFile(t))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := src.ReadAt(make([]byte, 8), FileSize); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("beyond the end: %d, %v", n, err)
	}
	if err := src.Close(); err != nil {
		t.Error(err)
	}
	if _, err := openRaw(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a missing file is mapped")
	}
}

func TestTruncateRole(t *testing.T) {
	name := patternFile(t)
	var out bytes.Buffer
	if err := Truncate(name, &out); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Size() != KeptSize {
		t.Errorf("the file has %d bytes, %v", info.Size(), err)
	}
	out.Reset()
	var w Writer
	if err := errors.Join(Truncate(name+"x", &out), json.Unmarshal(out.Bytes(), &w)); err != nil || w.Error == "" {
		t.Errorf("a missing file is truncated: %+v, %v", w, err)
	}
}
