package child

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

func init() {
	Register("sleep", func([]string) error { time.Sleep(time.Hour); return nil })
	Register("fail", func([]string) error { return errors.New("no luck") })
}

func TestMain(m *testing.M) {
	Main()
	os.Exit(m.Run())
}

func TestRunReturnsTheOutcome(t *testing.T) {
	cmd, err := Command(t.Context(), "fail")
	if err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	cmd.Stderr = &said
	if err := Run(t.Context(), cmd); err == nil || errors.Is(err, ErrStuck) || said.String() != "no luck\n" {
		t.Errorf("%v, %q", err, said.String())
	}
}

// TestRunEndsWithItsContext sees the process go: it is not given up.
func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	cmd, err := Command(ctx, "sleep")
	if err != nil {
		t.Fatal(err)
	}
	if err := Run(ctx, cmd); err == nil || errors.Is(err, ErrStuck) {
		t.Errorf("got %v", err)
	}
	if cmd.ProcessState == nil {
		t.Error("the process was not waited for")
	}
}

// TestRunGivesUp has a process that nobody ends, as if the kernel did not let
// it go.
func TestRunGivesUp(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	cmd, err := Command(ctx, "sleep")
	if err != nil {
		t.Fatal(err)
	}
	cmd.WaitDelay, cmd.Cancel = 0, func() error { return nil }
	err = Run(ctx, cmd)
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	if !errors.Is(err, ErrStuck) {
		t.Errorf("got %v, want %v", err, ErrStuck)
	}
}

// TestAgainEnds counts the attempts: an error of the program's own is final.
func TestAgainEnds(t *testing.T) {
	for _, failure := range []error{nil, errors.New("its own"), context.Canceled} {
		n := 0
		err := Again(func() error { n++; return failure })
		if n != 1 || !errors.Is(err, failure) {
			t.Errorf("%v: %d attempts, %v", failure, n, err)
		}
	}
}
