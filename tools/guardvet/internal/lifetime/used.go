package lifetime

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/mmapguard/go/tools/guardvet/internal/mapping"
)

// used is where an instruction reads memory that is gone, or hands it on.
func used(instr ssa.Instruction, gone state) token.Pos {
	switch i := instr.(type) {
	case *ssa.UnOp:
		return use(gone, i.X, i.Pos(), isElement(i.X))
	case *ssa.Store:
		if gone[i.Addr] && isElement(i.Addr) {
			return i.Pos()
		}
	case *ssa.Convert:
		return use(gone, i.X, i.Pos(), !isPointer(i))
	case *ssa.Return:
		for _, v := range i.Results {
			if gone[v] {
				return i.Pos()
			}
		}
	case *ssa.Send:
		return use(gone, i.X, i.Pos(), true)
	case ssa.CallInstruction:
		return called(i, gone)
	}
	return token.NoPos
}

func use(gone state, v ssa.Value, pos token.Pos, reads bool) token.Pos {
	if gone[v] && reads {
		return pos
	}
	return token.NoPos
}

// isElement tells whether an address is one of an element: a variable that holds
// the slice may be read.
func isElement(addr ssa.Value) bool {
	_, ok := addr.(*ssa.IndexAddr)
	return ok
}

// called is a call that is given memory that is gone. Closing twice, and asking
// for the length, is not a use.
func called(c ssa.CallInstruction, gone state) token.Pos {
	common := c.Common()
	if mapping.Closed(common) != nil {
		return token.NoPos
	}
	if b, ok := common.Value.(*ssa.Builtin); ok && (b.Name() == "len" || b.Name() == "cap") {
		return token.NoPos
	}
	for _, arg := range common.Args {
		if _, variable := arg.(*ssa.Alloc); gone[arg] && !variable {
			return c.Pos()
		}
	}
	return token.NoPos
}

// returned finds returns of the bytes in a function that closes at its end.
func (s *stale) returned(fn *ssa.Function) {
	for _, b := range fn.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || !s.taken.Block().Dominates(b) {
			continue
		}
		for _, v := range ret.Results {
			if s.refers(result(v, b)) {
				s.add(ret.Pos(), true)
			}
		}
	}
}

// result is what a return statement returns. A function that defers keeps its
// results in variables, which the statement sets and loads.
func result(v ssa.Value, b *ssa.BasicBlock) ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return v
	}
	for _, instr := range b.Instrs {
		if st, ok := instr.(*ssa.Store); ok && st.Addr == load.X {
			v = st.Val
		}
	}
	return v
}
