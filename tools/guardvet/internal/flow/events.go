package flow

import (
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/mmapguard/go/tools/guardvet/internal/mapping"
)

// Events is what happens to the lent bytes, in the order of the code.
func (t *Trace) Events() []Event { return t.events(false) }

// events collects; a helper's parameters are its caller's business.
func (t *Trace) events(helper bool) []Event {
	c := &collector{Trace: t, helper: helper}
	t.each(c.look)
	return c.found
}

type collector struct {
	*Trace
	helper bool
	found  []Event
}

func (c *collector) add(kind Kind, pos token.Pos, v ssa.Value, how string) {
	c.found = append(c.found, Event{Kind: kind, Pos: pos, How: how, Value: v})
}

func (c *collector) look(instr ssa.Instruction) {
	switch i := instr.(type) {
	case *ssa.Store:
		c.store(i)
	case *ssa.MapUpdate:
		c.mapUpdate(i)
	case *ssa.Send:
		c.send(i.Pos(), i.X)
	case *ssa.Select:
		for _, s := range i.States {
			if s.Send != nil {
				c.send(s.Pos, s.Send)
			}
		}
	case *ssa.Return:
		c.returns(i)
	case *ssa.Panic:
		if c.Refers(i.X) {
			c.add(Escape, i.Pos(), i.X, "thrown as a panic")
		}
	case *ssa.UnOp:
		c.load(i)
	case *ssa.Go:
		if c.Refers(i.Call.Value) || c.any(i.Call.Args) {
			c.add(Goroutine, i.Pos(), nil, "given to a goroutine")
		}
	case ssa.CallInstruction:
		c.call(i)
	}
}

func (c *collector) store(s *ssa.Store) {
	if c.direct[s.Addr] {
		c.add(Write, s.Pos(), s.Addr, "written to")
	}
	if !c.Refers(s.Val) {
		return
	}
	p := c.place(s.Addr)
	switch {
	case p.local():
	case c.helper && p.param >= 0:
		c.found = append(c.found, Event{Kind: passed, Pos: s.Pos(), How: where(s.Addr), param: p.param})
	default:
		c.add(Escape, s.Pos(), s.Val, stored(s))
	}
}

// stored tells how a reference leaves by a store.
func stored(s *ssa.Store) string {
	if call, ok := s.Val.(*ssa.Call); ok {
		if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "append" {
			return "appended, without a copy, to " + name(s.Addr) + ", which outlives the callback"
		}
	}
	return where(s.Addr)
}

// where tells what a reference is stored in.
func where(addr ssa.Value) string {
	switch addr.(type) {
	case *ssa.FieldAddr:
		return "stored in " + name(addr) + ", which outlives the callback"
	case *ssa.IndexAddr:
		return "stored in an element of what outlives the callback"
	}
	return "assigned to " + name(addr) + ", which outlives the callback"
}

// name is what the source calls a variable or a field.
func name(addr ssa.Value) string {
	switch a := addr.(type) {
	case *ssa.FieldAddr:
		return "field " + fieldName(a)
	case *ssa.Global:
		return "package variable " + a.Name()
	case *ssa.FreeVar:
		return "variable " + a.Name()
	}
	return "a variable"
}

func (c *collector) mapUpdate(u *ssa.MapUpdate) {
	key, value := c.Refers(u.Key), c.Refers(u.Value)
	p := c.place(u.Map)
	if p.local() || !key && !value {
		return
	}
	if c.helper && p.param >= 0 {
		c.found = append(c.found, Event{Kind: passed, Pos: u.Pos(), How: "stored in a map that outlives the callback", param: p.param})
		return
	}
	if key {
		c.add(MapKey, u.Pos(), u.Key, "the key of a map that outlives the callback")
	}
	if value {
		c.add(Escape, u.Pos(), u.Value, "stored in a map that outlives the callback")
	}
}

func (c *collector) send(arrow token.Pos, v ssa.Value) {
	if c.Refers(v) {
		c.add(Escape, arrow, v, "sent on a channel")
		return
	}
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL && c.direct[load.X] && c.pkg.straight(arrow) {
		c.add(Straight, arrow, v, "sent straight from the mapping")
	}
}

func (c *collector) returns(r *ssa.Return) {
	if r.Parent() != c.root {
		return
	}
	for _, v := range r.Results {
		if !c.Refers(v) {
			continue
		}
		if c.helper {
			c.found = append(c.found, Event{Kind: returned, Pos: r.Pos()})
			return
		}
		c.add(Escape, r.Pos(), v, "returned from the callback")
	}
}

// load reports *(*string)(unsafe.Pointer(&b)).
func (c *collector) load(l *ssa.UnOp) {
	if l.Op != token.MUL || !text(l.Type()) || !c.Refers(l.X) {
		return
	}
	if conv, ok := l.X.(*ssa.Convert); ok && !text(pointee(source(conv).Type())) {
		c.add(UnsafeString, conv.Pos(), l, "turned into a string that shares the mapping")
	}
}

// source is what a chain of pointer conversions began with.
func source(v ssa.Value) ssa.Value {
	for {
		c, ok := v.(*ssa.Convert)
		if !ok {
			return v
		}
		v = c.X
	}
}

// call looks at a call or a deferred call.
func (c *collector) call(i ssa.CallInstruction) {
	common := i.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		c.builtin(b.Name(), common, i)
		return
	}
	if !c.any(common.Args) {
		return
	}
	fn := common.StaticCallee()
	full := mapping.Callee(common)
	switch {
	case starters[full]:
		c.add(Goroutine, i.Pos(), nil, "given to a goroutine")
	case keepers[full]:
		c.keep(i, common)
	case fn == nil:
	case strings.HasPrefix(fn.Name(), "_Cfunc_"):
		c.add(Cgo, i.Pos(), nil, "given to C")
	case fn != c.root && c.inside(fn):
	case c.pkg.knows(fn):
		c.known(fn, i)
	}
}

// keep is a call of a standard container: it matters if the container stays.
func (c *collector) keep(i ssa.CallInstruction, common *ssa.CallCommon) {
	if !c.place(common.Args[0]).local() && c.any(common.Args[1:]) {
		c.add(Escape, i.Pos(), nil, "stored by "+common.StaticCallee().Name()+" in what outlives the callback")
	}
}

// known reports at the call what a function of the package does.
func (c *collector) known(fn *ssa.Function, i ssa.CallInstruction) {
	args := i.Common().Args
	for index, arg := range args {
		if !c.Refers(arg) {
			continue
		}
		for _, e := range c.pkg.summary(fn, index) {
			c.relay(e, fn, i, args)
		}
	}
}

func (c *collector) relay(e Event, fn *ssa.Function, i ssa.CallInstruction, args []ssa.Value) {
	switch e.Kind {
	case returned:
		return
	case passed:
		if e.param >= len(args) {
			return
		}
		p := c.place(args[e.param])
		if p.local() {
			return
		}
		if c.helper && p.param >= 0 {
			c.found = append(c.found, Event{Kind: passed, Pos: i.Pos(), How: e.How, param: p.param})
			return
		}
		e.Kind = Escape
	}
	how, _, _ := strings.Cut(e.How, " by function ")
	c.add(e.Kind, i.Pos(), nil, how+" by function "+fn.Name())
}

func (c *collector) builtin(name string, common *ssa.CallCommon, i ssa.CallInstruction) {
	switch name {
	case "print", "println":
		for _, arg := range common.Args {
			if text(arg.Type()) && c.direct[arg] {
				c.add(Print, i.Pos(), arg, "printed by the runtime")
			}
		}
	case "String":
		if c.direct[common.Args[0]] {
			c.add(UnsafeString, i.Pos(), i.Value(), "turned into a string that shares the mapping")
		}
	case "copy", "clear":
		if c.direct[common.Args[0]] {
			c.add(Write, i.Pos(), common.Args[0], "written to")
		}
	}
}
