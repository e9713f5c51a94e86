//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// An interrupt ends a cat whose output nobody takes, with the code of an
// interrupt and one line about it.
func TestInterruptEndsABlockedCat(t *testing.T) {
	cmd := command(t, "cat", bigFile(t, 64<<20))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// The first byte shows that the command is at work; its next write blocks.
	if _, err := io.ReadFull(stdout, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	// Wait closes the pipe only after the process has ended: what ends it is the
	// signal.
	state, err := cmd.Process.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if code := state.ExitCode(); code != 130 {
		t.Errorf("exit code %d, want 130", code)
	}
	if err := stdout.Close(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // waits for stderr to be copied; that the process is gone is known
	if got := stderr.String(); got != "mmapguard: interrupted\n" {
		t.Errorf("stderr is %q", got)
	}
}

// command is the mmapguard of this test binary.
func command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Args[0] = "mmapguard"
	cmd.Dir = t.TempDir()
	return cmd
}

// bigFile is sparse, so that its size costs nothing.
func bigFile(t *testing.T, size int64) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "big")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, size); err != nil {
		t.Fatal(err)
	}
	return name
}
