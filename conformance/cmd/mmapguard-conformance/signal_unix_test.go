//go:build unix

package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestSignal interrupts the program itself in the middle of its work.
func TestSignal(t *testing.T) {
	program := filepath.Join(t.TempDir(), "mmapguard-conformance")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		dir := t.TempDir()
		cmd := exec.Command(program, "--dir", dir)
		stderr, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(stderr)
		lines.Scan() // the first sign of progress
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		last := ""
		for lines.Scan() {
			last = lines.Text()
		}
		_ = cmd.Wait() // the status is looked at below
		if cmd.ProcessState.ExitCode() != exitUnable || !strings.Contains(last, "interrupted") {
			t.Errorf("%v: %v, %q", sig, cmd.ProcessState, last)
		}
		if left := files(t, dir); len(left) > 0 {
			t.Errorf("%v: the directory holds %q afterwards", sig, left)
		}
		if _, err := os.Stat(dir); err != nil {
			t.Error(err)
		}
	}
}
