//go:build unix && !aix

package mmapguard_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

// addressSlack is how many bytes before the fault the address may lie that the
// kernel reports: s390x has none of its low bits.
func addressSlack() int64 {
	if runtime.GOARCH == "s390x" {
		return int64(page) - 1
	}
	return 0
}

// wantFault checks that an error is a *FaultError with these fields.
func wantFault(t testing.TB, err error, op, name string, offset int64) {
	t.Helper()
	var fault *mmapguard.FaultError
	if !errors.As(err, &fault) || !errors.Is(err, mmapguard.ErrFault) {
		t.Fatalf("error %v, want a *FaultError", err)
	}
	want := mmapguard.FaultError{Name: name, Op: op, Offset: offset}
	if early := offset - fault.Offset; early > 0 && early <= addressSlack() {
		want.Offset = fault.Offset
	}
	if *fault != want {
		t.Errorf("fault %+v, want %+v", *fault, want)
	}
	if !strings.Contains(err.Error(), name) {
		t.Errorf("error %q does not name %q", err, name)
	}
}

// runOK plays a role that must succeed.
func runOK(t *testing.T, name string, args ...string) string {
	t.Helper()
	got := run(t, nil, name, args...)
	if got.code != 0 {
		t.Fatalf("%s: exit code %d\n%s", name, got.code, head(got.stderr))
	}
	return got.stdout
}

// runFatal plays a role that must end in a crash of the Go runtime, with a
// message that contains want.
func runFatal(t *testing.T, want, name string, args ...string) {
	t.Helper()
	got := run(t, nil, name, args...)
	if got.code != 2 || !strings.Contains(got.stderr, want) {
		t.Fatalf("%s: exit code %d, want a crash that says %q\n%s%s", name, got.code, want, got.stdout, head(got.stderr))
	}
}
