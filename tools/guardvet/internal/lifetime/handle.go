// Package lifetime follows mappings from where they are opened to where they are
// closed, and the slices of their bytes beyond.
package lifetime

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/mmapguard/go/tools/guardvet/internal/mapping"
)

// A handle is a mapping that a function opened.
type handle struct {
	open *ssa.Call
	// err are the values and variables that hold the error of the opening.
	err map[ssa.Value]bool
	// closes are the instructions that close it, deferred ones included.
	closes map[ssa.Instruction]bool
	// given tells that something else may be closing it.
	given bool
	// used tells that the mapping is more than compared with nil. Who does not
	// use it expects an error.
	used bool
	seen map[ssa.Value]bool
}

// follow finds out what a function does with a mapping that it opened.
func follow(open *ssa.Call) *handle {
	h := &handle{
		open: open, err: map[ssa.Value]bool{},
		closes: map[ssa.Instruction]bool{}, seen: map[ssa.Value]bool{},
	}
	for _, r := range *open.Referrers() {
		e, ok := r.(*ssa.Extract)
		switch {
		case !ok: // both results are returned, or passed on, at once
			h.given = true
		case e.Index == 0:
			h.uses(e)
		default:
			h.errors(e)
		}
	}
	return h
}

// errors notes where the error is kept.
func (h *handle) errors(v ssa.Value) {
	if h.err[v] {
		return
	}
	h.err[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if alloc, ok := r.Addr.(*ssa.Alloc); ok && r.Val == v {
				h.errors(alloc)
			}
		case *ssa.UnOp:
			h.err[r] = true
		case *ssa.Phi:
			// An error of several calls: nil means that this one succeeded, too.
			h.err[r] = true
		}
	}
}

// uses looks at every use of the mapping, or of a variable that holds it.
func (h *handle) uses(v ssa.Value) {
	if h.seen[v] || v.Referrers() == nil {
		return
	}
	h.seen[v] = true
	for _, r := range *v.Referrers() {
		h.use(v, r)
	}
}

func (h *handle) use(v ssa.Value, at ssa.Instruction) {
	if _, compared := at.(*ssa.BinOp); !compared {
		h.used = true
	}
	switch i := at.(type) {
	case *ssa.DebugRef, *ssa.BinOp, *ssa.Field, *ssa.Index, *ssa.Lookup, *ssa.Range:
	case *ssa.FieldAddr:
		h.reads(i)
	case *ssa.IndexAddr:
		h.reads(i)
	case *ssa.Convert:
		h.given = h.given || isPointer(i)
	case *ssa.UnOp:
		if i.Op == token.MUL {
			h.uses(i)
		}
	case *ssa.ChangeType:
		h.uses(i)
	case *ssa.Slice:
		h.uses(i)
	case *ssa.Store:
		h.store(v, i)
	case *ssa.MakeClosure:
		h.captured(v, i)
	case *ssa.Go:
		h.given = true
	case ssa.CallInstruction:
		h.call(v, i)
	default:
		h.given = true
	}
}

// reads is a use of an element or field: only the address of one can lead away.
func (h *handle) reads(addr ssa.Value) {
	for _, r := range *addr.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp, *ssa.DebugRef:
		case *ssa.Store:
			h.given = h.given || r.Val == addr
		default:
			h.given = true
		}
	}
}

// store is fine into a local variable, which is then looked at.
func (h *handle) store(v ssa.Value, s *ssa.Store) {
	alloc, local := s.Addr.(*ssa.Alloc)
	switch {
	case s.Val != v: // the variable gets another value
	case local:
		h.uses(alloc)
	default:
		h.given = true
	}
}

func (h *handle) call(v ssa.Value, i ssa.CallInstruction) {
	c := i.Common()
	switch {
	case mapping.Closed(c) == v:
		h.closes[i] = true
	case mapping.Shared(c) == v:
		if call, ok := i.(*ssa.Call); ok {
			h.reader(call)
		}
	case mapping.Method(c, v), isBuiltin(c):
	default:
		h.given = true
	}
}

// reader is a reader of the mapping: the function that it is passed to cannot
// close the mapping, but whoever gets hold of it needs the mapping open.
func (h *handle) reader(r *ssa.Call) {
	for _, use := range *r.Referrers() {
		switch use := use.(type) {
		case ssa.CallInstruction, *ssa.DebugRef:
		case *ssa.MakeInterface:
			for _, use := range *use.Referrers() {
				if _, ok := use.(ssa.CallInstruction); !ok {
					h.given = true
				}
			}
		default:
			h.given = true
		}
	}
}

// captured is a closure that uses the mapping. One that is only deferred closes
// it at the end, if it does; any other may close it at any time.
func (h *handle) captured(v ssa.Value, c *ssa.MakeClosure) {
	fn, ok := c.Fn.(*ssa.Function)
	if !ok {
		h.given = true
		return
	}
	inner := &handle{err: h.err, closes: map[ssa.Instruction]bool{}, seen: h.seen}
	for i, bound := range c.Bindings {
		if bound == v && i < len(fn.FreeVars) {
			inner.uses(fn.FreeVars[i])
		}
	}
	switch {
	case inner.given:
		h.given = true
	case len(inner.closes) > 0:
		h.deferredOnly(c)
	}
}

func (h *handle) deferredOnly(c *ssa.MakeClosure) {
	for _, r := range *c.Referrers() {
		d, ok := r.(*ssa.Defer)
		if !ok || d.Call.Value != c {
			h.given = true
			return
		}
		h.closes[d] = true
	}
}

func isBuiltin(c *ssa.CallCommon) bool {
	b, ok := c.Value.(*ssa.Builtin)
	return ok && b.Name() != "append" || ok && len(c.Args) == 2
}
