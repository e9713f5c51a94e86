package flow

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// A place is whose memory an address belongs to.
type place struct {
	// root is the local variable or object, or nil if it could be anybody's.
	root ssa.Value
	// outside tells that it outlives the traced function.
	outside bool
	// param is the number of the parameter that leads to it, or -1.
	param int
}

func (p place) local() bool { return !p.outside }

var elsewhere = place{outside: true, param: -1}

func at(v ssa.Value) place { return place{root: v, param: -1} }

// place finds whose memory an address belongs to. What a call returned counts as
// local: it is followed further, and reported when it leaves.
func (t *Trace) place(addr ssa.Value) place { return t.placeIn(addr, map[ssa.Value]bool{}) }

func (t *Trace) placeIn(addr ssa.Value, seen map[ssa.Value]bool) place {
	if seen[addr] {
		return at(nil)
	}
	seen[addr] = true
	switch v := addr.(type) {
	case *ssa.FieldAddr:
		return t.placeIn(v.X, seen)
	case *ssa.IndexAddr:
		return t.placeIn(v.X, seen)
	case *ssa.Slice:
		return t.placeIn(v.X, seen)
	case *ssa.ChangeType:
		return t.placeIn(v.X, seen)
	case *ssa.TypeAssert:
		return t.placeIn(v.X, seen)
	case *ssa.MakeInterface:
		return t.placeIn(v.X, seen)
	case *ssa.Lookup:
		return t.placeIn(v.X, seen)
	case *ssa.Extract:
		return t.placeIn(v.Tuple, seen)
	case *ssa.Global:
		return elsewhere
	case *ssa.FreeVar:
		return t.placeOfFree(v, seen)
	case *ssa.Parameter:
		return t.placeOfParam(v)
	case *ssa.Phi:
		return t.placeOfAny(v.Edges, v, seen)
	case *ssa.UnOp:
		return t.placeOfLoad(v, seen)
	}
	return at(addr)
}

// placeOfFree is the bound variable, if the closure is made by what is traced.
func (t *Trace) placeOfFree(v *ssa.FreeVar, seen map[ssa.Value]bool) place {
	c := t.closures[v.Parent()]
	if c == nil {
		return elsewhere
	}
	for i, free := range v.Parent().FreeVars {
		if free == v {
			return t.placeIn(c.Bindings[i], seen)
		}
	}
	return elsewhere
}

func (t *Trace) placeOfParam(v *ssa.Parameter) place {
	if v.Parent() != t.root || t.lent[v] {
		return at(v)
	}
	for i, p := range t.root.Params {
		if p == v {
			return place{outside: true, param: i}
		}
	}
	return elsewhere
}

// placeOfAny is outside if one of the values is.
func (t *Trace) placeOfAny(values []ssa.Value, of ssa.Value, seen map[ssa.Value]bool) place {
	for _, v := range values {
		if p := t.placeIn(v, seen); p.outside {
			return p
		}
	}
	return at(of)
}

// placeOfLoad is what a pointer in a variable points to: outside if the variable
// is, or if something from outside was ever stored in it.
func (t *Trace) placeOfLoad(v *ssa.UnOp, seen map[ssa.Value]bool) place {
	variable := t.placeIn(v.X, seen)
	if variable.outside || v.Op != token.MUL || variable.root == nil {
		return variable
	}
	referrers := variable.root.Referrers()
	if referrers == nil {
		return variable
	}
	var stored []ssa.Value
	for _, r := range *referrers {
		if s, ok := r.(*ssa.Store); ok && s.Addr == variable.root {
			stored = append(stored, s.Val)
		}
	}
	return t.placeOfAny(stored, variable.root, seen)
}
