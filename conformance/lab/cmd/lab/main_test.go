//go:build linux

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// asCommandEnv makes this test binary behave as the lab command.
const asCommandEnv = "MMAPGUARD_LAB_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommandEnv) != "" {
		main()
	}
	dir, err := os.MkdirTemp("", "mmapguard-lab-test-")
	if err != nil {
		panic(err)
	}
	probes.dir = dir
	code := m.Run()
	if err := os.RemoveAll(dir); err != nil {
		panic(err)
	}
	os.Exit(code)
}

// labCommand prepares `lab args…` with a scratch directory of its own, so that
// the test can see what is left in it.
func labCommand(t *testing.T, args ...string) (cmd *exec.Cmd, scratch string) {
	t.Helper()
	scratch = t.TempDir()
	cmd = exec.CommandContext(t.Context(), "/proc/self/exe", args...)
	cmd.Env = append(os.Environ(), asCommandEnv+"=1", "TMPDIR="+scratch)
	return cmd, scratch
}

// result is what a finished lab command showed.
type result struct {
	code           int
	stdout, stderr string
}

// labRun runs `lab args…` to its end.
func labRun(t *testing.T, args ...string) (result, string) {
	t.Helper()
	cmd, scratch := labCommand(t, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	ws, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok {
		t.Fatalf("lab %q ended as %v", args, cmd.ProcessState)
	}
	if ws.Signaled() {
		t.Fatalf("lab %q died of %v; stderr: %s", args, ws.Signal(), &stderr)
	}
	return result{ws.ExitStatus(), stdout.String(), stderr.String()}, scratch
}

// leftBehind lists what a run with that scratch directory has not cleaned up.
func leftBehind(t *testing.T, scratch string) []string {
	t.Helper()
	left := loopDevices(t, scratch)
	mounts, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(mounts)) {
		if strings.Contains(line, scratch) {
			left = append(left, "mount: "+line)
		}
	}
	files, err := filepath.Glob(filepath.Join(scratch, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return append(left, files...)
}

// loopDevices lists the loop devices whose image lay in scratch.
func loopDevices(t *testing.T, scratch string) []string {
	t.Helper()
	var left []string
	backing, err := filepath.Glob("/sys/block/loop*/loop/backing_file")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range backing {
		// A device that is freed meanwhile loses the file: not left behind.
		image, err := os.ReadFile(name)
		if err == nil && strings.HasPrefix(string(image), scratch) {
			left = append(left, "loop device: "+name)
		}
	}
	return left
}
