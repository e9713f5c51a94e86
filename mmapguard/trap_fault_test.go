//go:build unix && !aix

package mmapguard_test

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mmapguard/go/mmapguard"
)

// truncated is a handle of two pages whose file another process has cut to one.
func truncated(t testing.TB) (*mmapguard.FileData, string) {
	t.Helper()
	path := newFile(t, 2*page)
	d := mapFile(t, path)
	truncate(t, path, int64(page))
	return d, path
}

func TestTrap01_FaultBecomesErrorAndModeIsRestored(t *testing.T) {
	d, path := truncated(t)
	for _, mode := range []bool{false, true} {
		old := debug.SetPanicOnFault(mode)
		_, readErr := d.ReadAt(make([]byte, 1), int64(page))
		afterRead := faultMode()
		viewErr := d.View(func(b []byte) error {
			if !faultMode() {
				t.Error("the callback of View is not guarded")
			}
			touch(b, page+7)
			return nil
		})
		afterView := faultMode()
		debug.SetPanicOnFault(old)
		wantFault(t, readErr, "read", path, int64(page))
		wantFault(t, viewErr, "view", path, int64(page+7))
		if afterRead != mode || afterView != mode {
			t.Errorf("fault mode was %v, after a read it is %v, after a View %v", mode, afterRead, afterView)
		}
	}
}

func TestTrap01_ModeIsRestoredWhenNothingFaults(t *testing.T) {
	d := mapFile(t, newFile(t, page))
	for _, mode := range []bool{false, true} {
		old := debug.SetPanicOnFault(mode)
		_, _ = d.ReadAt(make([]byte, 1), 0)
		afterRead := faultMode()
		_ = d.View(func([]byte) error { return errors.New("the callback's own") })
		afterView := faultMode()
		debug.SetPanicOnFault(old)
		if afterRead != mode || afterView != mode {
			t.Errorf("fault mode was %v, after a read it is %v, after a View %v", mode, afterRead, afterView)
		}
	}
}

func TestTrap01_ModeIsRestoredOnPanicAndGoexit(t *testing.T) {
	d := mapFile(t, newFile(t, page))
	func() {
		defer func() {
			if got := recover(); got != "mine" {
				t.Errorf("recovered %v, want the callback's own panic", got)
			}
			if faultMode() {
				t.Error("a panic left the fault mode on")
			}
		}()
		_ = d.View(func([]byte) error { panic("mine") })
	}()
	mode := make(chan bool)
	go func() {
		defer func() { mode <- faultMode() }()
		_ = d.View(func([]byte) error { runtime.Goexit(); return nil })
	}()
	if <-mode {
		t.Error("Goexit left the fault mode on")
	}
	if n := mmapguard.Views(d); n != 0 {
		t.Errorf("%d views are still counted", n)
	}
	closeOK(t, d)
}

func TestTrap01_NestedViewsKeepTheOutersGuard(t *testing.T) {
	d, path := truncated(t)
	err := d.View(func(b []byte) error {
		inner := d.View(func(b []byte) error { touch(b, page); return nil })
		wantFault(t, inner, "view", path, int64(page))
		if !faultMode() {
			t.Error("the inner View switched the outer's guard off")
		}
		touch(b, page+1)
		return nil
	})
	wantFault(t, err, "view", path, int64(page+1))
	if faultMode() {
		t.Error("the fault mode is still on")
	}
}

// A fault is judged by its address: that of another mapping passes through an
// inner View and is the outer's.
func TestTrap01_NestedViewsOfTwoHandlesTellTheirFaultsApart(t *testing.T) {
	outer, outerPath := truncated(t)
	inner, innerPath := truncated(t)
	ended := false
	err := outer.View(func(o []byte) error {
		err := inner.View(func(i []byte) error { touch(i, page+3); return nil })
		wantFault(t, err, "view", innerPath, int64(page+3))
		_ = inner.View(func([]byte) error { touch(o, page+5); return nil })
		ended = true
		return nil
	})
	wantFault(t, err, "view", outerPath, int64(page+5))
	if ended {
		t.Error("the inner View took the outer's fault for its own")
	}
	if mmapguard.Views(inner) != 0 || mmapguard.Views(outer) != 0 {
		t.Error("views are still counted")
	}
}

// foreign maps a file without the library and cuts it, so that the second page
// faults and is nobody's here.
func foreign(t *testing.T) []byte {
	t.Helper()
	f, err := os.Open(newFile(t, 2*page))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	b, err := syscall.Mmap(int(f.Fd()), 0, 2*page, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(b) })
	truncate(t, f.Name(), int64(page))
	return b
}

// passesThrough checks that a panic inside View comes out as it went in.
func passesThrough(t *testing.T, d *mmapguard.FileData, fn func(b []byte)) (panicked error) {
	t.Helper()
	defer func() {
		var ok bool
		if panicked, ok = recover().(error); !ok {
			t.Fatal("no error panicked")
		}
		if mmapguard.Views(d) != 0 {
			t.Error("the view is still counted")
		}
	}()
	err := d.View(func(b []byte) error { fn(b); return nil })
	t.Fatalf("View returned %v", err)
	return nil
}

func TestTrap01_ForeignFaultPassesThrough(t *testing.T) {
	b := foreign(t)
	d := mapFile(t, newFile(t, page))
	got := passesThrough(t, d, func([]byte) { touch(b, page) })
	if _, ok := got.(interface{ Addr() uintptr }); !ok {
		t.Errorf("panicked with %T (%v), want the runtime's fault with its address", got, got)
	}
}

// The destination of a read is the caller's, and so is a fault in it.
func TestTrap01_FaultInTheDestinationPassesThrough(t *testing.T) {
	b := foreign(t)
	d := mapFile(t, newFile(t, page))
	defer func() {
		if got, ok := recover().(interface{ Addr() uintptr }); !ok {
			t.Errorf("recovered %v, want the fault in the destination", got)
		}
		if faultMode() {
			t.Error("the fault mode is still on")
		}
	}()
	n, err := d.ReadAt(b[page:], 0)
	t.Errorf("ReadAt into memory that cannot be written: %d, %v", n, err)
}

// A fault in the handle's memory, but outside of what the View lent, is a bug
// of the callback, not an answer about the file.
func TestTrap01_FaultBesideTheLentRangePassesThrough(t *testing.T) {
	path := newFile(t, 4*page)
	d := mapFile(t, path)
	truncate(t, path, int64(page))
	all := d.Bytes()
	defer func() {
		if _, ok := recover().(interface{ Addr() uintptr }); !ok {
			t.Error("the fault did not pass through")
		}
	}()
	err := d.ViewRange(0, int64(page), func([]byte) error { touch(all, 3*page); return nil })
	t.Errorf("ViewRange returned %v", err)
}

func TestTrap03_DestinationAfterFaultIsReportedAsNothingRead(t *testing.T) {
	d, path := truncated(t)
	p := make([]byte, 2*page)
	n, err := d.ReadAt(p, 0)
	if n != 0 {
		t.Errorf("%d bytes read, want 0: what a faulting copy leaves is no prefix", n)
	}
	// A large copy may notice its tail first.
	var fault *mmapguard.FaultError
	if !errors.As(err, &fault) || fault.Name != path || fault.Offset < int64(page) || fault.Offset >= int64(2*page) {
		t.Errorf("error %v, want a fault in the second page", err)
	}
	r := d.NewReader()
	if n, err := r.Read(p); n != 0 || !errors.Is(err, mmapguard.ErrFault) {
		t.Errorf("Reader.Read: %d, %v", n, err)
	}
	if pos, _ := r.Seek(0, 1); pos != 0 {
		t.Errorf("the failed read moved the position to %d", pos)
	}
}

func TestTrap04_NilDereferenceIsNeverOurs(t *testing.T) {
	d := mapFile(t, newFile(t, page))
	var nowhere *int
	got := passesThrough(t, d, func([]byte) { *nowhere = 1 })
	if !strings.Contains(got.Error(), "nil pointer dereference") {
		t.Errorf("panicked with %v, want a nil pointer dereference", got)
	}
}

func TestTrap04_OtherPanicsAreNeverOurs(t *testing.T) {
	d := mapFile(t, newFile(t, page))
	got := passesThrough(t, d, func(b []byte) { touch(b, len(b)) })
	if !strings.Contains(got.Error(), "index out of range") {
		t.Errorf("panicked with %v, want an index out of range", got)
	}
}

var _ = role("killed in a View", func(args []string) error {
	d, err := mmapguard.MapFile(args[0])
	if err != nil {
		return err
	}
	return d.View(func(b []byte) error {
		if err := syscall.Kill(os.Getpid(), syscall.SIGBUS); err != nil {
			return err
		}
		for end := time.Now().Add(5 * time.Second); time.Now().Before(end); {
			touch(b, 0)
		}
		return errors.New("survived")
	})
})

func TestTrap04_SignalFromOutsideStaysFatal(t *testing.T) {
	path := newFile(t, page)
	got := run(t, func(c *exec.Cmd) { c.Env = append(c.Env, "GOTRACEBACK=none") }, "killed in a View", path)
	if got.code != 2 || !strings.Contains(got.stderr, "SIGBUS") {
		t.Errorf("exit code %d, want the death by SIGBUS that kill(1) asked for\n%s", got.code, head(got.stderr))
	}
}
