package flow

import (
	"golang.org/x/tools/go/ssa"

	"github.com/mmapguard/go/tools/guardvet/internal/mapping"
)

// unlockers are the functions that lock, with those that undo it.
var unlockers = map[string]string{
	"(*sync.Mutex).Lock":    "(*sync.Mutex).Unlock",
	"(*sync.RWMutex).Lock":  "(*sync.RWMutex).Unlock",
	"(*sync.RWMutex).RLock": "(*sync.RWMutex).RUnlock",
}

// Locks finds the locks that a fault in the lent memory would leave locked: they
// outlive the function, no deferred call unlocks them, and lent memory is read
// before they are unlocked.
func (t *Trace) Locks() []Event {
	var found []Event
	t.each(func(instr ssa.Instruction) {
		call, ok := instr.(*ssa.Call)
		if !ok {
			return
		}
		unlocker := unlockers[mapping.Callee(&call.Call)]
		if unlocker == "" {
			return
		}
		mutex := call.Call.Args[0]
		if t.place(mutex).local() || deferred(call.Parent(), unlocker, Path(mutex)) {
			return
		}
		if t.touchedBefore(call, unlocker) {
			found = append(found, Event{Pos: call.Pos(), How: Path(mutex)})
		}
	})
	return found
}

// deferred tells whether a function defers a call of a method on a variable, by
// itself or in a deferred closure. A closure's is taken to be the right one.
func deferred(fn *ssa.Function, method, path string) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			d, ok := instr.(*ssa.Defer)
			if !ok {
				continue
			}
			if isCall(&d.Call, method, path) {
				return true
			}
			if callee := d.Call.StaticCallee(); callee != nil && callee.Parent() == fn && calls(callee, method) {
				return true
			}
		}
	}
	return false
}

func isCall(c *ssa.CallCommon, method, path string) bool {
	return mapping.Callee(c) == method && Path(c.Args[0]) == path
}

func calls(fn *ssa.Function, method string) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if c, ok := instr.(ssa.CallInstruction); ok && mapping.Callee(c.Common()) == method {
				return true
			}
		}
	}
	return false
}

// touchedBefore tells whether lent memory may be read between a lock and its
// unlock.
func (t *Trace) touchedBefore(lock *ssa.Call, unlocker string) bool {
	path := Path(lock.Call.Args[0])
	touched := false
	Walk(lock, func(instr ssa.Instruction) bool {
		if c, ok := instr.(*ssa.Call); ok && isCall(&c.Call, unlocker, path) {
			return false
		}
		touched = touched || t.Touches(instr)
		return !touched
	})
	return touched
}

// Touches tells whether an instruction may read lent memory. A call may, with
// everything it is given; len and cap do not.
func (t *Trace) Touches(instr ssa.Instruction) bool {
	switch i := instr.(type) {
	case *ssa.UnOp:
		return t.direct[i.X]
	case *ssa.Store:
		return t.direct[i.Addr]
	case *ssa.Convert:
		return t.direct[i.X] && text(i.X.Type()) != text(i.Type())
	case *ssa.Lookup:
		return t.direct[i.X] || t.direct[i.Index]
	case *ssa.MapUpdate:
		return t.direct[i.Key]
	case *ssa.BinOp:
		return text(i.X.Type()) && (t.direct[i.X] || t.direct[i.Y])
	case *ssa.Next:
		return i.IsString && t.holds[i.Iter]
	case ssa.CallInstruction:
		return t.any(i.Common().Args) && !measures(i.Common())
	}
	return false
}

// measures tells whether a call is of a builtin that reads no elements.
func measures(c *ssa.CallCommon) bool {
	b, ok := c.Value.(*ssa.Builtin)
	if !ok {
		return false
	}
	switch b.Name() {
	case "len", "cap", "SliceData", "StringData", "Slice", "String", "Add":
		return true
	}
	return false
}
