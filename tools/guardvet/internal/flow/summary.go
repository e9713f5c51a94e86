package flow

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// A Package answers what its functions do with their parameters.
type Package struct {
	ssa *ssa.Package
	// sends are the operands of the channel sends, by the position of the arrow:
	// the intermediate form does not tell ch <- b[i] from v := b[i]; ch <- v.
	sends     map[token.Pos]ast.Expr
	summaries map[parameter][]Event
}

type parameter struct {
	fn    *ssa.Function
	index int
}

// New prepares a package.
func New(pkg *ssa.Package, files []*ast.File) *Package {
	p := &Package{ssa: pkg, sends: map[token.Pos]ast.Expr{}, summaries: map[parameter][]Event{}}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if send, ok := n.(*ast.SendStmt); ok {
				p.sends[send.Arrow] = ast.Unparen(send.Value)
			}
			return true
		})
	}
	return p
}

// knows tells whether a function's body is at hand.
func (p *Package) knows(fn *ssa.Function) bool {
	return fn.Pkg == p.ssa && fn.Blocks != nil
}

// summary is what a function does with a parameter that refers to lent memory.
// A recursive call adds nothing that the outer one would not find.
func (p *Package) summary(fn *ssa.Function, index int) []Event {
	if index >= len(fn.Params) {
		return nil
	}
	key := parameter{fn, index}
	events, done := p.summaries[key]
	if !done {
		p.summaries[key] = nil
		events = p.Of(fn, fn.Params[index]).events(true)
		p.summaries[key] = events
	}
	return events
}

// straight tells whether the operand of a send is an element or a field and not
// a variable, a conversion or a call, of which a copy is sent.
func (p *Package) straight(arrow token.Pos) bool {
	switch p.sends[arrow].(type) {
	case *ast.IndexExpr, *ast.StarExpr, *ast.SelectorExpr:
		return true
	}
	return false
}
