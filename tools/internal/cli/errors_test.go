package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

func TestFailure(t *testing.T) {
	if f := asFailure(nil); f != nil {
		t.Errorf("no error is %+v", f)
	}
	fault := &mmapguard.FaultError{Name: "f", Op: "read", Offset: 4096}
	f := asFailure(fault)
	if f.Kind != "fault" || f.ExitCode != 3 || f.Message != fault.Error() || f.Offset == nil || *f.Offset != 4096 {
		t.Errorf("fault is %+v", f)
	}
	if f := asFailure(errMismatch); f.Offset != nil {
		t.Errorf("an error that is no fault has offset %d", *f.Offset)
	}
}

func TestRefusal(t *testing.T) {
	inner := errors.New("why")
	unsupported := fmt.Errorf("%w: not here", mmapguard.ErrUnsupported)
	for _, c := range []struct {
		err  error
		want string
	}{
		{inner, "why"},
		{&fs.PathError{Op: "map", Path: "f", Err: inner}, "why"},
		{&fs.PathError{Op: "map", Path: "f", Err: unsupported}, "not here"},
		{&fs.PathError{Op: "map", Path: "f", Err: errors.Join(unsupported, unsupported, inner)}, "not here; why"},
	} {
		if got := refusal(c.err); got != c.want {
			t.Errorf("%v is told as %q, want %q", c.err, got, c.want)
		}
	}
}

// The library's own refusal loses everything that the table says already.
func TestRefusalOfTheLibrary(t *testing.T) {
	_, err := mmapguard.MapFile(file(t, "x"), mmapguard.WithMechanisms(mmapguard.MechanismFsVerity))
	if err == nil {
		t.Fatal("a file without fs-verity was opened by it")
	}
	if got := refusal(err); strings.Contains(got, "fs-verity: ") || strings.Contains(got, "unsupported") || got == "" {
		t.Errorf("%v is told as %q", err, got)
	}
}
