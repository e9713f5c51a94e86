package lifetime

import (
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/mmapguard/go/tools/guardvet/internal/flow"
	"github.com/mmapguard/go/tools/guardvet/internal/lent"
	"github.com/mmapguard/go/tools/guardvet/internal/mapping"
)

// A Leak is a mapping that a function opens and, on some path, never closes.
type Leak struct {
	Open *ssa.Call
	// Return is where the function is left without closing, if it closes on
	// other paths; else it closes on none.
	Return *ssa.Return
}

// Unclosed finds the leaks of a function.
func Unclosed(fn *ssa.Function) []Leak {
	if isMain(fn) {
		return nil // the end of the process is the end of its mappings
	}
	var leaks []Leak
	for c := range lent.Calls(fn) {
		call, ok := c.(*ssa.Call)
		if !ok || mapping.Opens(&call.Call) == nil {
			continue
		}
		if leak, ok := unclosed(call); ok {
			leaks = append(leaks, leak)
		}
	}
	return leaks
}

func isMain(fn *ssa.Function) bool {
	return fn.Name() == "main" && fn.Parent() == nil && fn.Pkg != nil && fn.Pkg.Pkg.Name() == "main"
}

func unclosed(open *ssa.Call) (Leak, bool) {
	h := follow(open)
	if h.given || !h.used {
		return Leak{}, false
	}
	if len(h.closes) == 0 {
		return Leak{Open: open}, h.leaves(nil)
	}
	leak := Leak{Open: open}
	found := h.leaves(func(r *ssa.Return) { leak.Return = r })
	return leak, found
}

// leaves tells whether a return can be reached from the opening, had it
// succeeded, without closing.
func (h *handle) leaves(where func(*ssa.Return)) bool {
	seen := map[*ssa.BasicBlock]bool{}
	var block func(instrs []ssa.Instruction) bool
	block = func(instrs []ssa.Instruction) bool {
		for _, instr := range instrs {
			if h.closes[instr] {
				return false
			}
			switch i := instr.(type) {
			case *ssa.Return:
				if where != nil {
					where(i)
				}
				return true
			case *ssa.If:
				return h.branch(i, seen, block)
			case *ssa.Jump:
				return h.enter(i.Block().Succs[0], seen, block)
			}
		}
		return false
	}
	return block(flow.After(h.open))
}

func (h *handle) enter(b *ssa.BasicBlock, seen map[*ssa.BasicBlock]bool, block func([]ssa.Instruction) bool) bool {
	if seen[b] {
		return false
	}
	seen[b] = true
	return block(b.Instrs)
}

// branch follows the branches that are possible after a successful opening.
func (h *handle) branch(i *ssa.If, seen map[*ssa.BasicBlock]bool, block func([]ssa.Instruction) bool) bool {
	yes, no := h.possible(i.Cond)
	succs := i.Block().Succs
	return yes && h.enter(succs[0], seen, block) || no && h.enter(succs[1], seen, block)
}

// possible tells which outcomes a condition can have when the error is nil and
// the mapping is not.
func (h *handle) possible(cond ssa.Value) (yes, no bool) {
	switch c := cond.(type) {
	case *ssa.BinOp:
		return h.compared(c)
	case *ssa.UnOp:
		if c.Op == token.NOT {
			yes, no = h.possible(c.X)
			return no, yes
		}
	case *ssa.Call:
		// errors.Is(err, …), os.IsNotExist(err): never of nil.
		for _, arg := range c.Call.Args {
			if h.err[arg] && asksForError(&c.Call) {
				return false, true
			}
		}
	}
	return true, true
}

func (h *handle) compared(c *ssa.BinOp) (yes, no bool) {
	if c.Op != token.EQL && c.Op != token.NEQ {
		return true, true
	}
	x := c.X
	if isNil(x) {
		x = c.Y
	} else if !isNil(c.Y) {
		return true, true
	}
	switch {
	case h.err[x]: // err == nil is true
		return c.Op == token.EQL, c.Op == token.NEQ
	case h.seen[x]: // mapping == nil is false
		return c.Op == token.NEQ, c.Op == token.EQL
	}
	return true, true
}

func asksForError(c *ssa.CallCommon) bool {
	name := mapping.Callee(c)
	return name == "errors.Is" || name == "errors.As" || strings.HasPrefix(name, "os.Is")
}

func isNil(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && (c.Value == nil || c.Value.Kind() == constant.Unknown)
}

// isPointer tells whether a conversion keeps the memory and is not a copy.
func isPointer(c *ssa.Convert) bool {
	_, ok := c.Type().Underlying().(*types.Basic)
	return !ok || types.Identical(c.Type(), types.Typ[types.UnsafePointer])
}
