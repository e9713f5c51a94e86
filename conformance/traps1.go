package conformance

import (
	"errors"
	"runtime"
	"runtime/debug"

	"github.com/mmapguard/go/mmapguard"
)

// TRAP-1: faults become panics only by a mode of the goroutine, which has to be
// put back, and only those of the mapping are the library's.
var traps1 = []Case{
	{
		ID:      "TRAP-1/mode-restored",
		Promise: "The goroutine's fault mode is after every call what it was before, also after a fault, a panic and Goexit.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(modeRestored),
	},
	{
		ID:      "TRAP-1/calls-nest",
		Promise: "A View inside a View leaves the outer one guarded.",
		Applies: Applies{Mechanisms: shared, Needs: Files | Faults},
		Run:     judge(callsNest),
	},
	{
		ID:      "TRAP-1/foreign-fault-goes-on",
		Promise: "A fault in memory that is not the handle's goes through View as the panic it is.",
		Applies: Applies{Mechanisms: each, Needs: Files | Faults},
		Run:     judge(foreignFaultGoesOn),
	},
	{
		ID:      "TRAP-1/foreign-panic-goes-on",
		Promise: "A panic of the callback goes through View with its value, and the handle can be closed.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(foreignPanicGoesOn),
	},
	{
		ID:      "TRAP-1/offset-good-to-a-page",
		Promise: "A fault reports where it was, good to a page, counted from the start of the data.",
		Applies: Applies{Mechanisms: shared, Needs: Files | Faults},
		Run:     judge(offsetGoodToAPage),
	},
}

// faultMode is the goroutine's mode.
func faultMode() bool {
	mode := debug.SetPanicOnFault(false)
	debug.SetPanicOnFault(mode)
	return mode
}

func modeRestored(e *Env) {
	d := e.mapFile(e.file("f", before(some())))
	defer e.close(d)
	calls := map[string]func(){
		"ReadAt": func() { _, _ = d.ReadAt(make([]byte, 10), 0) },
		"View":   func() { _ = d.View(func([]byte) error { return nil }) },
		"a View that fails": func() {
			_ = d.View(func([]byte) error { return errors.New("no") })
		},
		"a View that panics": func() {
			defer func() { _ = recover() }()
			_ = d.View(func([]byte) error { panic("no") })
		},
		"a read of nothing":   func() { _, _ = d.ReadAt(nil, 0) },
		"a read out of range": func() { _, _ = d.ReadAt(make([]byte, 10), d.Size()) },
	}
	for _, mode := range []bool{false, true} {
		for name, call := range calls {
			old := debug.SetPanicOnFault(mode)
			call()
			got := debug.SetPanicOnFault(old)
			e.check(got == mode, "%s: the mode is %v, it was %v", name, got, mode)
		}
		e.check(modeAfterGoexit(d, mode) == mode, "Goexit: the mode %v was not restored", mode)
	}
}

// modeAfterGoexit is the mode that a goroutine finds, which ended itself in a
// View, while its deferred functions run.
func modeAfterGoexit(d *mmapguard.FileData, mode bool) bool {
	found := make(chan bool)
	go func() {
		debug.SetPanicOnFault(mode)
		defer func() { found <- faultMode() }()
		_ = d.View(func([]byte) error { runtime.Goexit(); return nil })
	}()
	return <-found
}

func callsNest(e *Env) {
	d := e.truncated()
	defer e.close(d)
	err := d.View(func(b []byte) error {
		inner := d.View(func(b []byte) error { _, err := use(b); return err })
		e.wantFault(inner, 0, d.Size(), "the inner View")
		_, err := use(b)
		return err
	})
	e.wantFault(err, 0, d.Size(), "the outer View")
}

func foreignFaultGoesOn(e *Env) {
	d := e.mapFile(e.file("f", before(some())))
	defer e.close(d)
	// The closed mapping of another handle: it faults, and is nobody's.
	other := e.mapFile(e.file("other", before(some())))
	stale := other.Bytes()
	e.close(other)
	var returned error
	panicked := func() (p any) {
		defer func() { p = recover() }()
		returned = d.View(func([]byte) error { _, err := use(stale); return err })
		return nil
	}()
	e.check(panicked != nil, "View returned %v for a fault in memory that is not the handle's", returned)
	fault, ok := panicked.(interface{ Addr() uintptr })
	e.check(ok, "the panic is %v, want the fault", panicked)
	e.check(uint64(fault.Addr()) >= address(stale)-uint64(pages(1)), "the fault lost its address")
	e.shows(d, before(some()), "afterwards")
}

func foreignPanicGoesOn(e *Env) {
	path := e.file("f", before(some()))
	for _, value := range []any{"text", errors.New("error"), 42} {
		d := e.mapFile(path)
		got := func() (p any) {
			defer func() { p = recover() }()
			e.must(d.View(func([]byte) error { panic(value) }), "View")
			return nil
		}()
		e.check(got == value, "the panic is %v, want %v", got, value)
		e.close(d)
		e.wantPathError(d.Close(), mmapguard.ErrClosed, "the second Close")
	}
}

func offsetGoodToAPage(e *Env) {
	d := e.truncated(mmapguard.WithRange(100, int64(some())-200))
	defer e.close(d)
	for _, off := range []int{0, 1, pages(1), pages(7) + 5, d.Len() - 1} {
		var fault *mmapguard.FaultError
		_, err := d.ReadAt(make([]byte, 1), int64(off))
		e.check(errors.As(err, &fault), "ReadAt: %v, want a fault", err)
		far := fault.Offset - int64(off)
		e.check(max(far, -far) <= int64(pages(1)), "a fault at %d is reported for offset %d", off, fault.Offset)
	}
}
