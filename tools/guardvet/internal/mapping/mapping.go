// Package mapping knows which functions map files, which of their results are
// the mapped bytes, and which functions end a mapping. The analyzers know
// nothing else about any library, so that the same rules hold for mmapguard and
// for its peers.
package mapping

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Library is the import path of mmapguard.
const Library = "github.com/mmapguard/go/mmapguard"

// A Source is one library's way of mapping files. Functions are named as
// types.Func.FullName does.
type Source struct {
	// Open lists the functions whose first result is the mapping; the last one
	// is an error.
	Open []string
	// Close lists the functions that end it; it is their receiver or first
	// argument.
	Close []string
	// Bytes lists the methods of a mapping that return its bytes. Without them
	// the mapping is itself the slice of its bytes.
	Bytes []string
	// Share lists the methods whose result reads the mapping later.
	Share []string
}

// Lend lists the methods that lend mapped bytes to the callback that is their
// last argument, for as long as it runs.
var lend = set(
	"(*"+Library+".FileData).View",
	"(*"+Library+".FileData).ViewRange",
)

// Lends tells whether a call lends mapped bytes to its last argument.
func Lends(c *ssa.CallCommon) bool { return lend[Callee(c)] }

// Callee is the full name of the function that a call certainly leads to, or "".
func Callee(c *ssa.CallCommon) string {
	if fn := Function(c); fn != nil {
		return fn.FullName()
	}
	return ""
}

// Function is the function or method that a call certainly leads to, or nil.
func Function(c *ssa.CallCommon) *types.Func {
	if c.IsInvoke() {
		return nil
	}
	fn := c.StaticCallee()
	if fn == nil {
		return nil
	}
	if fn.Origin() != nil {
		fn = fn.Origin()
	}
	return Object(fn)
}

// Object is the declaration of a function, or nil if it has none.
func Object(fn *ssa.Function) *types.Func {
	obj, _ := fn.Object().(*types.Func)
	return obj
}

// Opens is the source whose mapping a call opens, or nil.
func Opens(c *ssa.CallCommon) *Source { return opens[Callee(c)] }

// Closed is the mapping that a call closes, or nil.
func Closed(c *ssa.CallCommon) ssa.Value { return receiver(c, closes) }

// Taken is the mapping of which a call returns the bytes, or nil.
func Taken(c *ssa.CallCommon) ssa.Value { return receiver(c, bytes) }

// Shared is the mapping that a call's result goes on to read, or nil.
func Shared(c *ssa.CallCommon) ssa.Value { return receiver(c, shares) }

func receiver(c *ssa.CallCommon, names map[string]*Source) ssa.Value {
	if names[Callee(c)] == nil || len(c.Args) == 0 {
		return nil
	}
	return c.Args[0]
}

// Method tells whether a call is of a method of a package that maps files, with
// the mapping as its receiver: it uses the mapping and does not keep it.
func Method(c *ssa.CallCommon, v ssa.Value) bool {
	fn := Function(c)
	if fn == nil || fn.Pkg() == nil || len(c.Args) == 0 || c.Args[0] != v {
		return false
	}
	return fn.Signature().Recv() != nil && mappers[fn.Pkg().Path()]
}
