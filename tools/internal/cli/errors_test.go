package cli

import (
	"errors"
	"io/fs"
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

func TestReason(t *testing.T) {
	inner := errors.New("why")
	if got := reason(&fs.PathError{Op: "map", Path: "f", Err: inner}); got != "why" {
		t.Errorf("reason with a path is %q", got)
	}
	if got := reason(inner); got != "why" {
		t.Errorf("reason without a path is %q", got)
	}
}
