package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// confinedVar makes the test binary the program itself; if it names a file, that
// is written to afterwards, and the exit status tells how that went.
const confinedVar = "MMAPGUARD_CONFINED_TEST"

// The exit statuses of a write, beside the program's.
const (
	exitWritten = 10
	exitDenied  = 11
)

func confinedMain() int {
	status := program{confines: true}.run(context.Background(), os.Args[1:], os.Stdout, os.Stderr)
	target := os.Getenv(confinedVar)
	if status != exitHeld || !filepath.IsAbs(target) {
		return status
	}
	switch err := os.WriteFile(target, []byte("written"), 0o644); {
	case err == nil:
		return exitWritten
	case errors.Is(err, fs.ErrPermission):
		return exitDenied
	}
	return exitUnable
}

// confined runs the program in a process of its own, and then writes a file.
func confined(t *testing.T, target string, args ...string) (status int, said string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), confinedVar+"="+target)
	out, err := cmd.CombinedOutput()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// needLandlock skips where nothing can be prevented.
func needLandlock(t *testing.T) {
	t.Helper()
	if text := confinement(); !strings.HasPrefix(text, "prevented") {
		t.Skip("writing is " + text)
	}
}

// After a run the program can write below its directory and to its reports, and
// nowhere else, unless it was told not to confine itself.
func TestConfined(t *testing.T) {
	needLandlock(t)
	dir, outside := t.TempDir(), t.TempDir()
	report := filepath.Join(outside, "report.json")
	run := []string{"--dir", dir, "--run", few, "--json", report}
	for name, c := range map[string]struct {
		target string
		args   []string
		want   int
	}{
		"below the directory":       {filepath.Join(dir, "new"), run, exitWritten},
		"its report":                {report, run, exitWritten},
		"beside its report":         {filepath.Join(outside, "other"), run, exitDenied},
		"without confinement":       {filepath.Join(outside, "third"), append([]string{"--no-confine"}, run...), exitWritten},
		"after merging two reports": {filepath.Join(outside, "fourth"), []string{"merge", report, report}, exitDenied},
	} {
		if name == "after merging two reports" {
			if status, said := confined(t, "nothing", run...); status != exitHeld {
				t.Fatalf("status %d\n%s", status, said)
			}
		}
		if status, said := confined(t, c.target, c.args...); status != c.want {
			t.Errorf("%s: status %d, want %d\n%s", name, status, c.want, said)
		}
	}
}

func TestVersionTellsOfConfinement(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{{[]string{"--version"}, confinement()}, {[]string{"--version", "--no-confine"}, "not prevented: --no-confine"}} {
		status, stdout, _ := called(t, c.args...)
		if status != exitHeld || !strings.Contains(stdout, c.want) {
			t.Errorf("status %d: %s", status, stdout)
		}
	}
}
