package repo

import (
	"bytes"
	"go/ast"
	"go/printer"
	"go/token"
	"strconv"
	"strings"
)

// UnsafeExpression is an operation that the compiler takes on trust: a call of
// a function of package unsafe, or a conversion to one of its types. Types
// alone (a field that is an unsafe.Pointer) do nothing, and a Pointer turned
// into a number is only a number; neither is listed.
type UnsafeExpression struct {
	Place
	Function   string // or Type.Method
	Expression string // the outermost one
	Argued     bool   // a SAFETY comment stands right above its statement
}

// Shipped tells whether the expression is in a file that a program could link.
func (u UnsafeExpression) Shipped() bool { return !strings.HasSuffix(u.File, "_test.go") }

func (s *Sources) unsafeIn(file *ast.File) (found []UnsafeExpression) {
	if !imports(file, "unsafe") {
		return nil
	}
	argued := s.safetyLines(file)
	for _, decl := range file.Decls {
		function := declName(decl)
		var stack []ast.Node
		ast.Inspect(decl, func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			call, ok := n.(*ast.CallExpr)
			if ok && mentionsUnsafe(call.Fun) {
				top := outermost(stack, call)
				found = append(found, UnsafeExpression{
					Place: s.place(top.Pos()), Function: function, Expression: s.text(top),
					Argued: argued[s.place(statement(stack, call).Pos()).Line-1],
				})
				return false // what is inside belongs to it
			}
			stack = append(stack, n)
			return true
		})
	}
	return found
}

func imports(file *ast.File, pkg string) bool {
	for _, spec := range file.Imports {
		if spec.Path.Value == strconv.Quote(pkg) {
			return true
		}
	}
	return false
}

// declName is a function's name, with its receiver's type.
func declName(decl ast.Decl) string {
	f, ok := decl.(*ast.FuncDecl)
	if !ok {
		return "(package)"
	}
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return f.Name.Name
	}
	t := f.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name + "." + f.Name.Name
	}
	return f.Name.Name
}

func mentionsUnsafe(e ast.Expr) (found bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			id, ok := sel.X.(*ast.Ident)
			found = found || ok && id.Name == "unsafe"
		}
		return !found
	})
	return found
}

// outermost is the expression with the dereference around it, if there is one:
// that is where the memory is touched.
func outermost(stack []ast.Node, call *ast.CallExpr) ast.Node {
	if len(stack) > 0 {
		if star, ok := stack[len(stack)-1].(*ast.StarExpr); ok {
			return star
		}
	}
	return call
}

// statement is what the expression is part of.
func statement(stack []ast.Node, call *ast.CallExpr) ast.Node {
	for i := len(stack) - 1; i >= 0; i-- {
		switch stack[i].(type) {
		case ast.Stmt, *ast.ValueSpec:
			return stack[i]
		}
	}
	return call
}

// safetyLines are the lines on which comments with SAFETY: end.
func (s *Sources) safetyLines(file *ast.File) map[int]bool {
	lines := map[int]bool{}
	for _, group := range file.Comments {
		if strings.Contains(group.Text(), "SAFETY:") {
			lines[s.fset.Position(group.End()).Line] = true
		}
	}
	return lines
}

// text is a node as gofmt writes it.
func (s *Sources) text(n ast.Node) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, token.NewFileSet(), n); err != nil {
		return "?"
	}
	return b.String()
}
