package confine_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard/confine"
)

// deeds are what a process may do that changes files below one directory, and
// one file elsewhere, and what it may not.
var deeds = []struct {
	name    string
	allowed bool
	do      role
}{
	{"make a file below", true, func(dir string, _ []string) error { return os.WriteFile(dir+"/new", nil, 0o600) }},
	{"write a file below", true, func(dir string, _ []string) error { return os.WriteFile(dir+"/file", nil, 0o600) }},
	{"truncate a file below", true, func(dir string, _ []string) error { return os.Truncate(dir+"/file", 1) }},
	{"make a directory below", true, func(dir string, _ []string) error { return os.Mkdir(dir+"/dir", 0o700) }},
	{"move a file below", true, func(dir string, _ []string) error { return os.Rename(dir+"/file", dir+"/sub/file") }},
	{"make an unnamed file below", true, func(dir string, _ []string) error { return openFor(dir, os.O_RDWR|unix.O_TMPFILE) }},
	{"remove a file below", true, func(dir string, _ []string) error { return os.Remove(dir + "/file") }},
	{"write the file elsewhere", true, func(_ string, a []string) error { return os.WriteFile(a[3], nil, 0o600) }},
	{"read a file outside", true, func(_ string, a []string) error { return open(a[0]) }},
	{"start a process", true, func(string, []string) error { return start() }},
	{"start a command without output", true, func(string, []string) error { return startCommand() }},
	{"make a socket", true, func(string, []string) error { return socket() }},

	{"make a file outside", false, func(_ string, a []string) error { return os.WriteFile(beside(a[0]), nil, 0o600) }},
	{"write a file outside", false, func(_ string, a []string) error { return openFor(a[0], os.O_WRONLY) }},
	{"write outside through a link", false, func(dir string, _ []string) error { return openFor(dir+"/link", os.O_WRONLY) }},
	{"truncate outside", false, func(_ string, a []string) error { return os.Truncate(a[0], 1) }},
	{"make a directory outside", false, func(_ string, a []string) error { return os.Mkdir(beside(a[0]), 0o700) }},
	{"remove a file outside", false, func(_ string, a []string) error { return os.Remove(a[0]) }},
	{"remove the file elsewhere", false, func(_ string, a []string) error { return os.Remove(a[3]) }},
	{"rename outside", false, func(_ string, a []string) error { return os.Rename(a[0], beside(a[0])) }},
	{"move a file out", false, func(dir string, a []string) error { return os.Rename(dir+"/file", beside(a[0])) }},
	{"link to a file from outside", false, func(dir string, a []string) error { return os.Link(a[0], dir+"/hard") }},
	{"write outside in a process that it starts", false, func(_ string, a []string) error {
		return startAs("write outside in a child", a[0])
	}},
	{"write outside in an older thread", false, func(_ string, a []string) error {
		return inOldThread(func() error { return openFor(a[0], os.O_WRONLY) })
	}},
}

// changesSince is the version of Landlock that knows a deed, if not the first
// does: before it, it is the other way round.
var changesSince = map[string]int{"move a file below": 2, "truncate outside": 3}

func init() {
	for _, d := range deeds {
		roles["changes: "+d.name] = d.do
	}
	roles["write outside in a child"] = func(_ string, a []string) error { return openFor(a[0], os.O_WRONLY) }
	roles["changes without landlock_create_ruleset"] = changesWithoutLandlock
	roles["changes twice"] = changesTwice
}

func beside(name string) string { return filepath.Join(filepath.Dir(name), "other") }

func startCommand() error {
	self, err := again()
	if err != nil {
		return err
	}
	return exec.Command(self).Run()
}

// startAs starts this binary in a role, in a process that confines itself no
// further.
func startAs(name string, args ...string) error {
	self, err := again()
	if err != nil {
		return err
	}
	if err := os.Setenv("CONFINE_ROLE", name); err != nil {
		return err
	}
	if out, err := exec.Command(self, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// Everything can be done without confinement, or the test would show nothing.
func TestChanges(t *testing.T) {
	need(t, confine.Kernel().Landlock)
	for _, d := range deeds {
		t.Run(d.name, func(t *testing.T) {
			want := denied
			if older := confine.Kernel().Landlock.Version < changesSince[d.name]; d.allowed != older {
				want = "done"
			}
			outcome(t, "changes: "+d.name, "none", "done")
			outcome(t, "changes: "+d.name, "changes", want)
		})
	}
}

// A program that cannot be confined is told so, or does without if it wants to.
func changesWithoutLandlock(dir string, args []string) error {
	if err := refuse("landlock_create_ruleset"); err != nil {
		return err
	}
	if _, err := confine.Changes([]string{dir}); !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("confined all the same: %w", err)
	}
	report, err := confine.Changes([]string{dir}, confine.BestEffort())
	if err != nil || report.Landlock.Active {
		return fmt.Errorf("%v: %w", report, err)
	}
	return openFor(args[0], os.O_WRONLY)
}

// A path that is not there is no error, and one confinement rules out another.
func changesTwice(dir string, _ []string) error {
	report, err := confine.Changes([]string{dir, dir + "/missing"})
	if err != nil || !report.Landlock.Active || report.Seccomp.Active {
		return fmt.Errorf("%v: %w", report, err)
	}
	if _, err := confine.Dir(dir); err == nil {
		return errors.New("confined twice")
	}
	return nil
}

func TestChangesWithoutLandlock(t *testing.T) {
	needLayers(t)
	outcome(t, "changes without landlock_create_ruleset", "none", "done")
}

func TestChangesTwice(t *testing.T) {
	need(t, confine.Kernel().Landlock)
	outcome(t, "changes twice", "none", "done")
}

// Of the first Landlock nothing is asked that would make it restrict nothing.
func TestChangesOfTheFirstLandlock(t *testing.T) {
	for version, want := range map[int]bool{1: false, 2: true} {
		if rule := confine.RuleBelow(t.TempDir(), version); strings.Contains(rule, "refer") != want {
			t.Errorf("Landlock %d: %s", version, rule)
		}
	}
}
