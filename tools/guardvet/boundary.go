package guardvet

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Boundary reports unsafe code outside the packages that may have some, and
// such code in them without an argument.
var Boundary = newBoundary()

func newBoundary() *analysis.Analyzer {
	a := &analysis.Analyzer{
		Name: "boundary",
		Doc: `unsafe code outside the boundary, or without an argument

A program that keeps its unsafe code in a few packages names them:

	-boundary.packages=example.com/app/internal/boundary

Reported is every other package that imports unsafe; and, in these, every use of
unsafe that makes, converts or dereferences a pointer without a comment directly
above the statement or the declaration that begins with "SAFETY:" and says why it
is right. unsafe.Sizeof, Alignof and Offsetof are constants and need none. Without
the flag the analyzer reports nothing.`,
	}
	packages := a.Flags.String("packages", "", "comma-separated import `paths` of the packages that may import unsafe")
	a.Run = func(pass *analysis.Pass) (any, error) {
		if *packages != "" {
			checkBoundary(pass, strings.Split(*packages, ","))
		}
		return nil, nil
	}
	return withIgnores(a)
}

func checkBoundary(pass *analysis.Pass, packages []string) {
	allowed := slices.Contains(packages, strings.TrimSuffix(pass.Pkg.Path(), "_test"))
	for _, file := range pass.Files {
		if cgo(pass, file) {
			continue
		}
		if !allowed {
			reportImport(pass, file)
			continue
		}
		b := &boundaryFile{pass: pass, file: file}
		ast.PreorderStack(file, nil, b.check)
	}
}

// cgo tells whether a file was made by cgo, which imports unsafe on its own.
func cgo(pass *analysis.Pass, file *ast.File) bool {
	return strings.HasSuffix(pass.Fset.File(file.FileStart).Name(), "_cgo_gotypes.go")
}

func reportImport(pass *analysis.Pass, file *ast.File) {
	for _, spec := range file.Imports {
		if spec.Path.Value == `"unsafe"` {
			pass.Report(analysis.Diagnostic{
				Pos: spec.Pos(), Category: pass.Analyzer.Name,
				Message: "unsafe is imported outside the boundary",
			})
		}
	}
}

type boundaryFile struct {
	pass *analysis.Pass
	file *ast.File
	last token.Pos // start of the last statement reported
}

// check looks at one node; the stack holds the nodes around it.
func (b *boundaryFile) check(n ast.Node, stack []ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok || !b.unsafe(call) || b.argued(stack) {
		return true
	}
	if at := statement(stack).Pos(); at != b.last {
		b.last = at
		b.pass.Report(analysis.Diagnostic{
			Pos: call.Pos(), Category: b.pass.Analyzer.Name,
			Message: "unsafe code has no comment above it that begins with SAFETY:",
		})
	}
	return true
}

// unsafe tells whether a call is of a function of package unsafe, or converts
// to or from its pointer.
func (b *boundaryFile) unsafe(call *ast.CallExpr) bool {
	info := b.pass.TypesInfo
	if to := info.Types[call.Fun]; to.IsType() && len(call.Args) == 1 {
		return pointer(to.Type) || pointer(info.TypeOf(call.Args[0])) && !number(to.Type)
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	builtin, ok := info.Uses[sel.Sel].(*types.Builtin)
	return ok && !slices.Contains([]string{"Sizeof", "Alignof", "Offsetof"}, builtin.Name())
}

func pointer(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Kind() == types.UnsafePointer
}

// number tells whether a type is uintptr: an address taken as a number is only
// unsafe when it is made a pointer again.
func number(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Kind() == types.Uintptr
}

// statement is the innermost statement of a block, or else the declaration.
func statement(stack []ast.Node) ast.Node {
	for i := len(stack) - 1; i > 0; i-- {
		switch stack[i-1].(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause, *ast.File:
			return stack[i]
		}
	}
	return stack[0]
}

// argued tells whether a comment that ends on the line above the statement, or
// above the declaration around it, gives the argument.
func (b *boundaryFile) argued(stack []ast.Node) bool {
	line := b.line(statement(stack).Pos())
	declaration := line
	if len(stack) > 1 {
		declaration = b.line(stack[1].Pos())
	}
	for _, group := range b.file.Comments {
		end := b.line(group.End())
		if (end == line-1 || end == declaration-1) && argues(group) {
			return true
		}
	}
	return false
}

func (b *boundaryFile) line(pos token.Pos) int { return b.pass.Fset.Position(pos).Line }

func argues(group *ast.CommentGroup) bool {
	for _, c := range group.List {
		if strings.HasPrefix(c.Text, "// SAFETY: ") {
			return true
		}
	}
	return false
}
