package flow

import (
	"fmt"

	"golang.org/x/tools/go/ssa"
)

// Walk visits what may run after an instruction, each block once, as long as
// visit answers true for the path to it.
func Walk(from ssa.Instruction, visit func(ssa.Instruction) bool) {
	seen := map[*ssa.BasicBlock]bool{}
	var block func(instrs []ssa.Instruction, b *ssa.BasicBlock)
	block = func(instrs []ssa.Instruction, b *ssa.BasicBlock) {
		for _, instr := range instrs {
			if !visit(instr) {
				return
			}
		}
		for _, next := range b.Succs {
			if !seen[next] {
				seen[next] = true
				block(next.Instrs, next)
			}
		}
	}
	block(After(from), from.Block())
}

// After is what follows an instruction in its block.
func After(instr ssa.Instruction) []ssa.Instruction {
	all := instr.Block().Instrs
	for i, in := range all {
		if in == instr {
			return all[i+1:]
		}
	}
	return nil
}

// Path names the variable or field that an address or a value stands for: two
// with the same path are, unless assigned in between, the same.
func Path(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.FieldAddr:
		return Path(v.X) + "." + fieldName(v)
	case *ssa.UnOp:
		return Path(v.X)
	case *ssa.FreeVar, *ssa.Parameter, *ssa.Global:
		return v.Name()
	}
	return fmt.Sprintf("%s@%p", v.Name(), v.Parent())
}
