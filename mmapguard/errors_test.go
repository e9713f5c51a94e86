package mmapguard_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

var sentinels = map[string]error{
	"ErrEmpty":       mmapguard.ErrEmpty,
	"ErrNotRegular":  mmapguard.ErrNotRegular,
	"ErrLocked":      mmapguard.ErrLocked,
	"ErrTooLarge":    mmapguard.ErrTooLarge,
	"ErrReplaced":    mmapguard.ErrReplaced,
	"ErrChanged":     mmapguard.ErrChanged,
	"ErrRevoked":     mmapguard.ErrRevoked,
	"ErrClosed":      mmapguard.ErrClosed,
	"ErrUnsupported": mmapguard.ErrUnsupported,
	"ErrFault":       mmapguard.ErrFault,
	"ErrDigest":      mmapguard.ErrDigest,
}

func TestSentinelsAreThemselvesAndNoOther(t *testing.T) {
	for name, err := range sentinels {
		wrapped := &fs.PathError{Op: "map", Path: "f", Err: fmt.Errorf("%w: more", err)}
		for other, target := range sentinels {
			// A wrong digest says that the bytes are not those once recorded.
			want := name == other || (name == "ErrDigest" && other == "ErrChanged")
			if got := errors.Is(wrapped, target); got != want {
				t.Errorf("errors.Is(%s, %s) is %v", name, other, got)
			}
		}
		if err.Error() == "" {
			t.Errorf("%s has no text", name)
		}
	}
}

func TestSentinelsAreTheStandardLibrarysToo(t *testing.T) {
	standard := map[string]error{
		"ErrEmpty": fs.ErrInvalid, "ErrClosed": fs.ErrClosed, "ErrUnsupported": errors.ErrUnsupported,
	}
	for _, target := range []error{fs.ErrInvalid, fs.ErrClosed, errors.ErrUnsupported, fs.ErrNotExist, fs.ErrPermission} {
		for name, err := range sentinels {
			if got, want := errors.Is(err, target), standard[name] == target; got != want {
				t.Errorf("errors.Is(%s, %v) is %v, want %v", name, target, got, want)
			}
			if errors.Is(target, err) {
				t.Errorf("%v is %s: the standard library's error is wider", target, name)
			}
		}
	}
}

func TestFaultErrorIsErrFaultAndSaysWhatHappened(t *testing.T) {
	var err error = &mmapguard.FaultError{Name: "some/file", Op: "read", Offset: 4711}
	if !errors.Is(err, mmapguard.ErrFault) || errors.Is(err, mmapguard.ErrClosed) {
		t.Errorf("%v is not ErrFault alone", err)
	}
	for _, part := range []string{"read", "some/file", "4711", "truncated"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
}

func TestNoMechanismForWhatIsWanted(t *testing.T) {
	path := newFile(t, page)
	_, err := mmapguard.MapFile(path, mmapguard.WithGuarantee(mmapguard.Immutable), mmapguard.WithMechanisms(mmapguard.MechanismFlock))
	wantErr(t, err, mmapguard.ErrUnsupported, path)
	wantErr(t, err, errors.ErrUnsupported, path)
	if !strings.Contains(err.Error(), "Immutable") {
		t.Errorf("error %q does not say what was wanted", err)
	}
}

func TestNamesOfConstants(t *testing.T) {
	names := []string{"Cooperative", "Enforced", "Isolated", "Immutable"}
	for i, g := range mmapguard.Guarantees() {
		text, err := g.MarshalText()
		if g.String() != names[i] || string(text) != names[i] || err != nil || int(g) != i {
			t.Errorf("guarantee %d is %v, %q, %v, want %q", i, g, text, err, names[i])
		}
	}
	if got := mmapguard.Guarantee(-1).String(); got != "Guarantee(-1)" {
		t.Errorf("no guarantee is called %q", got)
	}
	for b, name := range map[mmapguard.Backing]string{mmapguard.Mapped: "Mapped", mmapguard.Loaded: "Loaded"} {
		if text, err := b.MarshalText(); b.String() != name || string(text) != name || err != nil {
			t.Errorf("backing %v, %q, %v, want %q", b, text, err, name)
		}
	}
	if mmapguard.MechanismFlock.String() != "flock" || mmapguard.MechanismHeap.String() != "heap" {
		t.Error("mechanisms are not called by their values")
	}
}

func TestLadderIsACopy(t *testing.T) {
	l := mmapguard.Ladder()
	if len(l) == 0 || l[0].Mechanism != mmapguard.MechanismFlock || l[0].Guarantee != mmapguard.Cooperative || l[0].Cost == "" {
		t.Fatalf("the ladder starts with %+v", l)
	}
	l[0] = mmapguard.Rung{}
	if mmapguard.Ladder()[0].Mechanism != mmapguard.MechanismFlock {
		t.Error("the ladder can be changed from outside")
	}
}
