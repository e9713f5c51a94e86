package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/mmapguard/go/mmapguard/confine"
)

// What reads the input is confined by then, unless it was told not to be.
func TestReadersAreConfined(t *testing.T) {
	if kernel := confine.Kernel(); !kernel.Seccomp.Active {
		t.Skip(kernel.Seccomp.String())
	}
	for _, c := range []struct {
		args []string
		want string // the mode of seccomp (proc_pid_status(5)): 2 is a filter
	}{{[]string{"cat"}, "2"}, {[]string{"cat", "--no-confine"}, "0"}} {
		if inherited := seccompMode(t, os.Getpid()); inherited != "0" {
			t.Skip("this process has a filter already, which its children inherit")
		}
		if got := modeWhileReading(t, append(c.args, bigFile(t, 64<<20))...); got != c.want {
			t.Errorf("%q reads in seccomp mode %s, want %s", c.args, got, c.want)
		}
	}
}

// modeWhileReading is the mode of a command that has written its first byte and
// waits for somebody to take the next.
func modeWhileReading(t *testing.T, args ...string) string {
	t.Helper()
	cmd := command(t, args...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_, err = io.ReadFull(stdout, make([]byte, 1))
	mode := seccompMode(t, cmd.Process.Pid)
	if err := errors.Join(err, cmd.Process.Kill()); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // it was killed
	return mode
}

// Standard input that was taken for the most part was taken by a confined process.
func TestStatIsConfined(t *testing.T) {
	if kernel := confine.Kernel(); !kernel.Seccomp.Active {
		t.Skip(kernel.Seccomp.String())
	}
	if seccompMode(t, os.Getpid()) != "0" {
		t.Skip("this process has a filter already, which its children inherit")
	}
	for args, want := range map[string]string{"stat -": "2", "stat --no-confine -": "0"} {
		cmd := command(t, strings.Fields(args)...)
		stdin, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		_, err = stdin.Write(make([]byte, 1<<20)) // which no pipe holds
		if got := seccompMode(t, cmd.Process.Pid); err != nil || got != want {
			t.Errorf("%s reads in seccomp mode %s, %v; want %s", args, got, err, want)
		}
		if err := errors.Join(stdin.Close(), cmd.Wait()); err != nil {
			t.Errorf("%s: %v", args, err)
		}
	}
}

func seccompMode(t *testing.T, pid int) string {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "\nSeccomp:")
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimSpace(line)
}
