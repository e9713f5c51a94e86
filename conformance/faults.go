package conformance

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/mmapguard/go/mmapguard"
)

// touch reads one byte of a slice that may not be there, and returns the fault
// if it is not.
func touch(b []byte, i int) (got byte, fault error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() { fault = asFault(recover()) }()
	return b[i], nil
}

// scribble writes one byte of a slice that may not be writable, and returns the
// fault if it is not.
func scribble(b []byte, i int) (fault error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() { fault = asFault(recover()) }()
	b[i] ^= 0xff
	return nil
}

// asFault tells a memory fault from other panics, which go on.
func asFault(p any) error {
	if p == nil {
		return nil
	}
	err, ok := p.(runtime.Error)
	if !ok {
		panic(p)
	}
	if _, ok := err.(interface{ Addr() uintptr }); !ok {
		panic(p)
	}
	return err
}

// wantFault checks that an error is the *FaultError promised, for an offset
// from first on.
func (e *Env) wantFault(err error, first, size int64, doing string) {
	var fault *mmapguard.FaultError
	switch {
	case !errors.As(err, &fault):
		e.broken("%s: %v, want a *FaultError", doing, errorText(err))
	case !errors.Is(err, mmapguard.ErrFault):
		e.broken("%s: %q is no ErrFault", doing, err)
	case fault.Name == "" || fault.Op == "":
		e.broken("%s: %q does not say what was done to which file", doing, err)
	case fault.Offset < first || fault.Offset >= size:
		e.broken("%s: a fault at offset %d, want one from %d to %d", doing, fault.Offset, first, size-1)
	}
}

// use reads a byte and leaves the fault to whoever lent it. It is not inlined:
// the compiler would see that nobody needs the byte.
//
//go:noinline
func use(b []byte) (byte, error) { return b[0], nil }

func errorText(err error) string {
	if err == nil {
		return "no error"
	}
	return fmt.Sprintf("%q", err)
}
