package flow

import (
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// step passes the marks of an instruction's operands on to its result.
func (t *Trace) step(instr ssa.Instruction) {
	switch i := instr.(type) {
	case *ssa.Store:
		t.stepStore(i)
	case *ssa.MapUpdate:
		if t.Refers(i.Key) || t.Refers(i.Value) {
			t.storeIn(i.Map, i.Map)
		}
	case *ssa.MakeClosure:
		t.stepClosure(i)
	case *ssa.Phi:
		for _, edge := range i.Edges {
			t.same(edge, i)
		}
	case *ssa.Call:
		t.stepCall(i.Common(), i)
	case *ssa.Go:
		t.stepCall(i.Common(), nil)
	case *ssa.Defer:
		t.stepCall(i.Common(), nil)
	case ssa.Value:
		t.stepValue(i)
	}
}

func (t *Trace) stepValue(v ssa.Value) {
	switch i := v.(type) {
	case *ssa.Slice:
		if !void(i) {
			t.same(i.X, i)
		}
	case *ssa.IndexAddr:
		t.same(i.X, i)
	case *ssa.FieldAddr:
		t.stepField(i)
	case *ssa.Convert:
		t.stepConvert(i)
	case *ssa.ChangeType, *ssa.ChangeInterface, *ssa.SliceToArrayPointer:
		t.same(operand(v), v)
	case *ssa.MakeInterface:
		if t.Refers(i.X) {
			t.mark(t.holds, i)
			t.mark(t.whole, i)
		}
	case *ssa.UnOp:
		if (i.Op == token.MUL || i.Op == token.ARROW) && t.Refers(i.X) {
			t.refer(i)
		}
	case *ssa.Extract:
		// An error beside other results tells why there are none.
		if t.Refers(i.Tuple) && !isError(i.Type()) {
			t.refer(i)
		}
	case *ssa.Field, *ssa.Index, *ssa.Range, *ssa.Next, *ssa.Lookup, *ssa.TypeAssert:
		// What is taken out of something refers if its type can.
		if t.Refers(operand(v)) {
			t.refer(v)
		}
	}
}

// operand is the first operand of the instruction that computes a value.
func operand(v ssa.Value) ssa.Value {
	instr, ok := v.(ssa.Instruction)
	if !ok {
		return nil
	}
	return *instr.Operands(nil)[0]
}

func (t *Trace) stepField(f *ssa.FieldAddr) {
	switch {
	case t.direct[f.X]:
		t.mark(t.direct, f)
	case t.holdsField(f.X, f.Field):
		t.mark(t.holds, f)
		t.mark(t.whole, f)
	}
}

// stepConvert follows conversions that keep the memory: those of pointers and
// of string types. One between a string and a slice copies.
func (t *Trace) stepConvert(c *ssa.Convert) {
	if text(c.X.Type()) == text(c.Type()) && refers(c.Type()) {
		t.same(c.X, c)
	}
}

// stepStore lets the variable, or the object around it, hold what is stored.
func (t *Trace) stepStore(s *ssa.Store) {
	if t.Refers(s.Val) {
		t.storeIn(s.Addr, s.Addr)
	}
}

// storeIn marks the local object that an address belongs to.
func (t *Trace) storeIn(addr, at ssa.Value) {
	if obj := t.place(addr); obj.local() && obj.root != nil {
		t.hold(obj.root, at)
	}
}

// stepClosure makes the free variables of a closure what is bound to them, in
// both directions: a closure may also store.
func (t *Trace) stepClosure(c *ssa.MakeClosure) {
	fn, ok := c.Fn.(*ssa.Function)
	if !ok {
		return
	}
	for i, bound := range c.Bindings {
		if t.closures[fn] == c {
			t.same(bound, fn.FreeVars[i])
		}
		if t.Refers(bound) {
			t.mark(t.holds, c)
		}
	}
}

// stepCall follows what a call hands back, and what it hands to functions that
// are being traced.
func (t *Trace) stepCall(c *ssa.CallCommon, result *ssa.Call) {
	if builtin, ok := c.Value.(*ssa.Builtin); ok {
		if result != nil {
			t.stepBuiltin(builtin.Name(), c, result)
		}
		return
	}
	fn := c.StaticCallee()
	switch {
	case fn == nil:
	case fn != t.root && t.inside(fn):
		t.stepInside(fn, c, result)
	case t.pkg.knows(fn):
		t.stepKnown(fn, c, result)
	case result != nil && passesOn(c) && t.any(c.Args):
		t.refer(result)
	}
}

// stepInside is a call of a closure: parameters get what is passed, and the call
// has what is returned.
func (t *Trace) stepInside(fn *ssa.Function, c *ssa.CallCommon, result *ssa.Call) {
	for i, arg := range c.Args {
		if i < len(fn.Params) {
			t.same(arg, fn.Params[i])
		}
	}
	if result == nil {
		return
	}
	for _, b := range fn.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok && t.any(ret.Results) {
			t.refer(result)
		}
	}
}

// stepKnown is a call of a function of the package.
func (t *Trace) stepKnown(fn *ssa.Function, c *ssa.CallCommon, result *ssa.Call) {
	for i, arg := range c.Args {
		if !t.Refers(arg) {
			continue
		}
		for _, e := range t.pkg.summary(fn, i) {
			switch {
			case e.Kind == returned && result != nil:
				t.refer(result)
			case e.Kind == passed && e.param < len(c.Args):
				t.storeIn(c.Args[e.param], nil)
			}
		}
	}
}

func (t *Trace) stepBuiltin(name string, c *ssa.CallCommon, result *ssa.Call) {
	switch name {
	case "append":
		t.same(c.Args[0], result)
		if t.Refers(c.Args[1]) && !bytesOf(c.Args[0].Type()) {
			t.mark(t.holds, result)
			t.mark(t.whole, result)
		}
	case "String", "StringData", "Slice", "SliceData", "Add": // of package unsafe
		if t.direct[c.Args[0]] {
			t.mark(t.direct, result)
		}
	case "min", "max":
		for _, arg := range c.Args {
			t.same(arg, result)
		}
	}
}

func (t *Trace) any(values []ssa.Value) bool {
	for _, v := range values {
		if t.Refers(v) {
			return true
		}
	}
	return false
}
