package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/mmapguard/go/mmapguard"
)

// A cancelled context ends the wait for work that cannot be called back.
func TestInterruptible(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	defer close(release)
	err := interruptible(ctx, func() error {
		cancel()
		<-release
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	err = interruptible(ctx, func() error {
		t.Error("work begins although the context is cancelled")
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestInterruptedCommands(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, command := range []string{"cat", "sum", "stat", "demo"} {
		args := []string{command, file(t, "x")}
		if command == "demo" {
			args = args[:1]
		}
		runIn(ctx, t, args...).want(t, 130, "!mmapguard: interrupted\n")
		runIn(ctx, t, append(args, "--json")...).want(t, 130, "!mmapguard: interrupted\n")
	}
}

// rewriter changes the file that is being streamed to it.
type rewriter struct {
	t    *testing.T
	name string
}

func (r rewriter) Write(b []byte) (int, error) {
	past := time.Now().Add(-time.Hour)
	if err := os.Chtimes(r.name, past, past); err != nil {
		r.t.Error(err)
	}
	return len(b), nil
}

func TestStreamNoticesARewrite(t *testing.T) {
	name := file(t, "content")
	res, err := stream(name, nil, rewriter{t, name})
	if !errors.Is(err, mmapguard.ErrChanged) || !strings.Contains(err.Error(), name) {
		t.Errorf("error is %v", err)
	}
	if res.Bytes != 7 {
		t.Errorf("%d bytes were read", res.Bytes)
	}
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

func TestWriteErrors(t *testing.T) {
	full := errors.New("full")
	if _, err := stream(file(t, "content"), nil, brokenWriter{full}); !errors.Is(err, full) {
		t.Errorf("error is %v", err)
	}
	for _, args := range [][]string{
		{"--version"}, {"--version", "--json"}, {"sum", file(t, "x")}, {"sum", "--json", file(t, "x")},
		{"stat", file(t, "x")}, {"stat", "--json", file(t, "x")}, {"cat", file(t, "x")},
		{"doctor", t.TempDir()}, {"doctor", "--json", t.TempDir()},
	} {
		var stderr bytes.Buffer
		if code := Run(t.Context(), args, brokenWriter{full}, &stderr); code != 1 || stderr.String() != "mmapguard: full\n" {
			t.Errorf("%v: exit code %d, %q", args, code, stderr.String())
		}
		if len(brokenPipeErrnos) == 0 {
			continue
		}
		stderr.Reset()
		if code := Run(t.Context(), args, brokenWriter{brokenPipeErrnos[0]}, &stderr); code != 141 || stderr.Len() > 0 {
			t.Errorf("%v into a broken pipe: exit code %d, %q", args, code, stderr.String())
		}
	}
	if code := Run(t.Context(), []string{"cat", "--json", file(t, "x")}, new(bytes.Buffer), brokenWriter{full}); code != 1 {
		t.Errorf("cat --json whose report is lost: exit code %d", code)
	}
}

func TestCat(t *testing.T) {
	name := file(t, "content\n")
	r := run(t, "cat", name, name)
	r.want(t, 0)
	if r.out != "content\ncontent\n" || r.stderr != "" {
		t.Errorf("output is %q, errors %q", r.out, r.stderr)
	}
	run(t, "cat", name, name+"x").want(t, 1, "content\n", "!mmapguard: map "+name+"x: ")
	run(t, "cat", "--json", name+"x").want(t, 1, `!"kind":"failed"`)
	run(t, "cat", "--max-size", "2", name).want(t, 7)
	if r := run(t, "cat", file(t, "")); r != (result{}) {
		t.Errorf("an empty file gives %+v", r)
	}
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{
		{"cta"}, {"cat"}, {"--nonsense"}, {"sum", "-a", "crc", "f"}, {"cat", "-g", "Strong", "f"},
		{"doctor", "a", "b"}, {"demo", "a"}, {"demo-reader"},
	} {
		run(t, args...).want(t, 2, "!mmapguard: ", "! --help'.\n")
	}
}
