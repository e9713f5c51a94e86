package confine_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/mmapguard/go/mmapguard/confine"
)

func TestReport(t *testing.T) {
	landlock := confine.Layer{Name: "Landlock", Active: true, Version: 7}
	filter := confine.Layer{Name: "seccomp", Active: true}
	none := confine.Layer{Name: "seccomp", Missing: "too old"}
	for want, r := range map[string]confine.Report{
		"confined by Landlock 7 and seccomp":                  {Landlock: landlock, Seccomp: filter},
		"confined by Landlock 7 alone; no seccomp: too old":   {Landlock: landlock, Seccomp: none},
		"not confined; no Landlock: old; no seccomp: too old": {Landlock: confine.Layer{Name: "Landlock", Missing: "old"}, Seccomp: none},
	} {
		if got := r.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Where there is no layer, asking for confinement is an error that says so, and
// best effort is a report that says so.
func TestUnsupported(t *testing.T) {
	k := confine.Kernel()
	if k.Landlock.Active || k.Seccomp.Active {
		t.Skip("this kernel has a layer; the processes of TestMissingLayers lack one")
	}
	if _, err := confine.Dir(t.TempDir()); !errors.Is(err, errors.ErrUnsupported) {
		t.Error(err)
	}
	r, err := confine.Dir(t.TempDir(), confine.BestEffort())
	if err != nil || !strings.HasPrefix(r.String(), "not confined") {
		t.Errorf("%v, %v", r, err)
	}
}
