package confine_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard/confine"
)

func init() {
	roles["without landlock_create_ruleset"] = without("landlock_create_ruleset")
	roles["without seccomp"] = without("seccomp")
}

// without confines the process on a kernel that lacks a system call: strictly,
// then with what there is.
func without(name string) role {
	return func(dir string, args []string) error {
		if err := refuse(name); err != nil {
			return err
		}
		if _, err := confine.Dir(dir); !errors.Is(err, errors.ErrUnsupported) {
			return fmt.Errorf("confined all the same: %w", err)
		} else {
			fmt.Println(err)
		}
		if err := os.WriteFile(dir+"/new", nil, 0o600); err != nil {
			return fmt.Errorf("restricted all the same: %w", err)
		}
		report, err := confine.Dir(dir, confine.BestEffort())
		if err != nil {
			return err
		}
		fmt.Println(report)
		return open(args[0])
	}
}

// refuse makes the kernel answer a system call as if it were none.
func refuse(name string) error {
	return seccomp.LoadFilter(seccomp.Filter{
		NoNewPrivs: true, Flag: seccomp.FilterFlagTSync,
		Policy: seccomp.Policy{DefaultAction: seccomp.ActionAllow, Syscalls: []seccomp.SyscallGroup{{
			Names: []string{name}, Action: seccomp.ActionErrno | seccomp.Action(unix.ENOSYS),
		}}},
	})
}

// A kernel without one of the layers is told, restricts nothing unless best
// effort is asked for, and then has the other layer.
func TestMissingLayers(t *testing.T) {
	needLayers(t)
	dir, args := laboratory(t)
	got := run(t, "without landlock_create_ruleset", "none", dir, args...)
	if !strings.Contains(got, "confine: no Landlock: ") || !strings.Contains(got, "confined by seccomp alone; no Landlock") ||
		!strings.HasSuffix(got, "done") { // without Landlock files outside are open to reading
		t.Error(got)
	}
	got = run(t, "without seccomp", "none", dir, args...)
	if !strings.Contains(got, "confine: no seccomp: ") || !strings.Contains(got, "alone; no seccomp") || !strings.Contains(got, "denied") {
		t.Error(got)
	}
}

func TestDirErrors(t *testing.T) {
	needLayers(t)
	if _, err := confine.Dir(t.TempDir() + "/missing"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a directory that is not there: %v", err)
	}
	// Nothing has been restricted.
	if err := os.WriteFile(t.TempDir()+"/new", nil, 0o600); err != nil {
		t.Error(err)
	}
}

// Profiles that confine does not understand are refused as a whole.
func TestProfiles(t *testing.T) {
	if err := confine.PolicyOf(confine.Profile()); err != nil {
		t.Error(err)
	}
	const rest = `,"syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"`
	for what, text := range map[string]string{
		"no JSON":              `{`,
		"an unknown default":   `{"defaultAction":"SCMP_ACT_NOTIFY"` + rest + `}]}`,
		"everything allowed":   `{"defaultAction":"SCMP_ACT_ALLOW"` + rest + `}]}`,
		"an unknown operator":  `{"defaultAction":"SCMP_ACT_ERRNO"` + rest + `,"args":[{"index":0,"op":"SCMP_CMP_LT"}]}]}`,
		"conditions to a kill": `{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_KILL_PROCESS","args":[{"index":0,"op":"SCMP_CMP_EQ"}]}]}`,
		"an unknown action":    `{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read"],"action":"SCMP_ACT_LOG"}]}`,
	} {
		if err := confine.PolicyOf([]byte(text)); err == nil {
			t.Errorf("%s: accepted", what)
		}
	}
}
