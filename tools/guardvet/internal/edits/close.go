package edits

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// DeferClose defers a call of Close after the check of the error of the
// assignment at the place. It has nothing to suggest if the next statement is
// not that check, or does not leave.
func (s *Site) DeferClose() []analysis.SuggestedFix {
	assign, i := around[*ast.AssignStmt](s)
	if i < 0 || i+1 >= len(s.path) || len(assign.Lhs) != 2 || assign.Tok != token.DEFINE {
		return nil
	}
	handle, ok := assign.Lhs[0].(*ast.Ident)
	block, inBlock := s.path[i+1].(*ast.BlockStmt)
	if !ok || handle.Name == "_" || !inBlock || !s.hasClose(handle) {
		return nil
	}
	for j, stmt := range block.List[:len(block.List)-1] {
		if stmt != ast.Stmt(assign) {
			continue
		}
		if check, ok := block.List[j+1].(*ast.IfStmt); ok && check.Else == nil && leaves(check.Body) {
			edit := insert(check.End(), "\ndefer "+handle.Name+".Close()")
			return []analysis.SuggestedFix{{Message: "Close it at the end", TextEdits: []analysis.TextEdit{edit}}}
		}
	}
	return nil
}

func (s *Site) hasClose(e ast.Expr) bool {
	obj, _, _ := types.LookupFieldOrMethod(s.pass.TypesInfo.TypeOf(e), true, s.pass.Pkg, "Close")
	_, ok := obj.(*types.Func)
	return ok
}

// leaves tells whether a block ends with a return.
func leaves(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	_, ok := b.List[len(b.List)-1].(*ast.ReturnStmt)
	return ok
}
