package mmapguard

import (
	"runtime"
	"runtime/debug"
)

// nilPage is the size of the area around address zero in which the Go runtime
// takes every fault for the use of a nil pointer (runtime/signal_unix.go).
const nilPage = 0x1000

// guard makes faults of this goroutine panics instead of the program's end,
// and returns the mode there was. The mode is the goroutine's alone: goroutines
// started meanwhile do not inherit it.
func guard() (old bool) { return debug.SetPanicOnFault(true) }

// unguard restores the mode that guard found.
func unguard(old bool) { debug.SetPanicOnFault(old) }

// fault turns a recovered panic into the error it means for a read of the data
// [from, to), or goes on panicking if it is not a fault of these bytes. Reads
// are not counted, so the fault may be the work of a Close.
func (c *core) fault(panicked any, op string, from, to int) error {
	offset, ours := c.locate(panicked, from, to)
	if !ours {
		panic(panicked)
	}
	if s := c.state.Load(); s&closedBit != 0 {
		return pathError(op, c.name, ErrClosed)
	}
	return c.faultError(op, offset)
}

// faultError is the error for a fault at the given offset of the data: the
// file's doing, or that of a guarantee that could not be kept.
func (c *core) faultError(op string, offset int64) error {
	if c.state.Load()&revokedBit != 0 {
		return pathError(op, c.name, ErrRevoked)
	}
	return &FaultError{Name: c.name, Op: op, Offset: offset}
}

// locate finds the offset in the data [from, to) at which a panic faulted.
// Faults below nilPage are somebody's nil pointer and never ours.
func (c *core) locate(panicked any, from, to int) (int64, bool) {
	err, ok := panicked.(runtime.Error)
	if !ok {
		return 0, false
	}
	addressed, ok := err.(interface{ Addr() uintptr })
	if !ok || addressed.Addr() < nilPage {
		return 0, false
	}
	delta := int(c.delta)
	at, ours := c.region.Locate(addressed.Addr(), delta+from, delta+to)
	return int64(at - delta), ours
}
