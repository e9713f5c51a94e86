package lent

import (
	"golang.org/x/tools/go/ssa"

	"github.com/mmapguard/go/tools/guardvet/internal/mapping"
)

// function is the function that a value certainly is, or nil.
func function(v ssa.Value, seen map[ssa.Value]bool) *ssa.Function {
	if seen[v] {
		return nil
	}
	seen[v] = true
	switch v := v.(type) {
	case *ssa.Function:
		return unbound(v)
	case *ssa.MakeClosure:
		return function(v.Fn, seen)
	case *ssa.ChangeType:
		return function(v.X, seen)
	case *ssa.UnOp:
		return stored(v.X, seen)
	}
	return nil
}

// unbound is the method behind a method value, which is a wrapper.
func unbound(fn *ssa.Function) *ssa.Function {
	obj := mapping.Object(fn)
	if fn.Synthetic == "" || obj == nil {
		return fn
	}
	if method := fn.Prog.FuncValue(obj); method != nil {
		return method
	}
	return fn
}

// stored is the one function that a local variable ever holds.
func stored(variable ssa.Value, seen map[ssa.Value]bool) *ssa.Function {
	alloc, ok := variable.(*ssa.Alloc)
	if !ok {
		return nil
	}
	var only *ssa.Function
	for _, r := range *alloc.Referrers() {
		s, ok := r.(*ssa.Store)
		if !ok || s.Addr != variable {
			continue
		}
		if only != nil {
			return nil
		}
		only = function(s.Val, seen)
	}
	return only
}
