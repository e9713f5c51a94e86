package flow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A Trace is what is known about the lent bytes in one function.
type Trace struct {
	pkg   *Package
	root  *ssa.Function
	funcs []*ssa.Function
	// closures are the places where the closures among funcs are made; their
	// free variables are what is bound there.
	closures map[*ssa.Function]*ssa.MakeClosure
	// direct values point into the lent memory; holds values are or point to
	// something that contains a direct value.
	direct, holds map[ssa.Value]bool
	// fields are the fields of a holding struct that hold, unless whole says
	// that any may.
	fields map[field]bool
	whole  map[ssa.Value]bool
	// lent is what the trace began with.
	lent    map[ssa.Value]bool
	changed bool
}

type field struct {
	of    ssa.Value
	index int
}

// Of follows the given values, which point into lent memory, through fn. They
// are parameters of fn, or values that it computes.
func (p *Package) Of(fn *ssa.Function, lent ...ssa.Value) *Trace {
	t := &Trace{
		pkg: p, root: fn,
		closures: map[*ssa.Function]*ssa.MakeClosure{},
		direct:   map[ssa.Value]bool{}, holds: map[ssa.Value]bool{},
		fields: map[field]bool{}, whole: map[ssa.Value]bool{}, lent: map[ssa.Value]bool{},
	}
	t.enter(fn)
	for _, v := range lent {
		t.lent[v] = true
		t.refer(v)
	}
	for t.changed = true; t.changed; {
		t.changed = false
		t.each(t.step)
	}
	return t
}

// enter adds a function and the closures in it.
func (t *Trace) enter(fn *ssa.Function) {
	t.funcs = append(t.funcs, fn)
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if c, ok := instr.(*ssa.MakeClosure); ok {
				if anon, ok := c.Fn.(*ssa.Function); ok && anon.Parent() == fn {
					t.closures[anon] = c
				}
			}
		}
	}
	for _, anon := range fn.AnonFuncs {
		t.enter(anon)
	}
}

func (t *Trace) each(do func(ssa.Instruction)) {
	for _, fn := range t.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				do(instr)
			}
		}
	}
}

// inside tells whether a function is the traced one or a closure in it.
func (t *Trace) inside(fn *ssa.Function) bool {
	for ; fn != nil; fn = fn.Parent() {
		if fn == t.root {
			return true
		}
	}
	return false
}

// Refers tells whether a value refers to the lent memory, itself or through
// something that it contains.
func (t *Trace) Refers(v ssa.Value) bool { return t.direct[v] || t.holds[v] }

// Direct tells whether a value points into the lent memory.
func (t *Trace) Direct(v ssa.Value) bool { return t.direct[v] }

func (t *Trace) mark(set map[ssa.Value]bool, v ssa.Value) {
	if !set[v] {
		set[v] = true
		t.changed = true
	}
}

// refer marks a value as referring to lent memory, in the way its type allows.
func (t *Trace) refer(v ssa.Value) {
	switch {
	case !refers(v.Type()):
	case raw(v.Type()):
		t.mark(t.direct, v)
	default:
		t.mark(t.holds, v)
		t.mark(t.whole, v)
	}
}

// same gives a value the marks of another that denotes the same memory.
func (t *Trace) same(from, to ssa.Value) {
	if t.direct[from] {
		t.mark(t.direct, to)
	}
	if t.holds[from] {
		t.mark(t.holds, to)
	}
	if t.whole[from] {
		t.mark(t.whole, to)
	}
	t.sameFields(from, to)
}

func (t *Trace) sameFields(from, to ssa.Value) {
	for f := range t.fields {
		if f.of == from && !t.fields[field{to, f.index}] {
			t.fields[field{to, f.index}] = true
			t.changed = true
		}
	}
}

// hold notes that a reference was stored in what v is or points to. Only the
// field is marked if it is one of a struct that v points to.
func (t *Trace) hold(v ssa.Value, addr ssa.Value) {
	t.mark(t.holds, v)
	if f, ok := addr.(*ssa.FieldAddr); ok && f.X == v {
		if !t.fields[field{v, f.Field}] {
			t.fields[field{v, f.Field}] = true
			t.changed = true
		}
		return
	}
	t.mark(t.whole, v)
}

// holdsField tells whether a field of what v points to may hold a reference.
func (t *Trace) holdsField(v ssa.Value, index int) bool {
	return t.holds[v] && (t.whole[v] || t.fields[field{v, index}])
}

// void tells whether a slice expression keeps nothing: b[:0:0] is how one asks
// append for a copy.
func void(s *ssa.Slice) bool {
	c, ok := s.Max.(*ssa.Const)
	return ok && c.Value != nil && c.Int64() == 0
}

// bytesOf tells whether append copies the elements of its operand: they refer to
// nothing, so that only the bytes themselves go on.
func bytesOf(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	return !ok || !refers(s.Elem())
}
