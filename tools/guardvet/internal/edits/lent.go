package edits

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// Clone wraps the bytes that an assignment or a send at the place hands out in
// bytes.Clone.
func (s *Site) Clone() []analysis.SuggestedFix {
	e := s.handedOut()
	if e == nil || !s.isBytes(e) {
		return nil
	}
	name, edits := s.imported("bytes")
	if !s.means(name, "bytes") {
		return nil
	}
	edits = append(edits, insert(e.Pos(), name+".Clone("), insert(e.End(), ")"))
	return []analysis.SuggestedFix{{Message: "Copy the bytes", TextEdits: edits}}
}

// handedOut is the expression that is assigned, appended or sent at the place.
func (s *Site) handedOut() ast.Expr {
	if send, i := around[*ast.SendStmt](s); i >= 0 && send.Arrow == s.pos {
		return send.Value
	}
	assign, i := around[*ast.AssignStmt](s)
	if i < 0 || len(assign.Lhs) != len(assign.Rhs) {
		return nil
	}
	for i, left := range assign.Lhs {
		if left.Pos() <= s.pos && s.pos < left.End() {
			return s.appended(assign.Rhs[i])
		}
	}
	return nil
}

// appended is the only element of a call of append, or else the expression.
func (s *Site) appended(e ast.Expr) ast.Expr {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || call.Ellipsis.IsValid() || len(call.Args) != 2 {
		return e
	}
	if id, ok := call.Fun.(*ast.Ident); ok && s.pass.TypesInfo.Uses[id] == types.Universe.Lookup("append") {
		return call.Args[1]
	}
	return e
}

// means tells whether a name denotes a package at the place, once imported.
func (s *Site) means(name, pkg string) bool {
	scope := s.pass.Pkg.Scope().Innermost(s.pos)
	if scope == nil {
		return false
	}
	_, obj := scope.LookupParent(name, s.pos)
	if obj == nil {
		return true
	}
	known, ok := obj.(*types.PkgName)
	return ok && known.Imported().Path() == pkg
}

// SafeString replaces the two usual ways to make a string without a copy.
func (s *Site) SafeString() []analysis.SuggestedFix {
	whole, bytes := s.unsafeString()
	if bytes == nil || !s.isBytes(bytes) || !s.free("string", types.Universe.Lookup("string")) {
		return nil
	}
	return []analysis.SuggestedFix{{
		Message:   "Make a string of its own",
		TextEdits: replace(whole, "string("+s.text(bytes)+")"),
	}}
}

// unsafeString takes *(*string)(unsafe.Pointer(&b)), unsafe.String(&b[0], len(b))
// and unsafe.String(unsafe.SliceData(b), len(b)) apart.
func (s *Site) unsafeString() (whole, bytes ast.Expr) {
	for _, n := range s.path {
		switch n := n.(type) {
		case *ast.StarExpr:
			if b := s.pointed(n.X); b != nil {
				return n, b
			}
		case *ast.CallExpr:
			if b := s.wholeSlice(n); b != nil {
				return n, b
			}
		}
	}
	return nil, nil
}

// pointed is b in (*string)(unsafe.Pointer(&b)).
func (s *Site) pointed(e ast.Expr) ast.Expr {
	for range 2 {
		call, ok := ast.Unparen(e).(*ast.CallExpr)
		if !ok || len(call.Args) != 1 || !s.pass.TypesInfo.Types[call.Fun].IsType() {
			return nil
		}
		e = call.Args[0]
	}
	return addressed(e)
}

func addressed(e ast.Expr) ast.Expr {
	if and, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && and.Op == token.AND {
		return and.X
	}
	return nil
}

// wholeSlice is b if a call makes a string of all of it.
func (s *Site) wholeSlice(call *ast.CallExpr) ast.Expr {
	if !s.calls(call, "String") || len(call.Args) != 2 {
		return nil
	}
	b := s.data(call.Args[0])
	length, ok := call.Args[1].(*ast.CallExpr)
	if b == nil || !ok || len(length.Args) != 1 || s.text(length.Fun) != "len" || s.text(length.Args[0]) != s.text(b) {
		return nil
	}
	return b
}

// data is b in unsafe.SliceData(b) or &b[0].
func (s *Site) data(e ast.Expr) ast.Expr {
	if call, ok := e.(*ast.CallExpr); ok && s.calls(call, "SliceData") && len(call.Args) == 1 {
		return call.Args[0]
	}
	if index, ok := addressed(e).(*ast.IndexExpr); ok && s.text(index.Index) == "0" {
		return index.X
	}
	return nil
}

// calls tells whether a call is of a function of package unsafe.
func (s *Site) calls(call *ast.CallExpr, name string) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && s.pass.TypesInfo.Uses[sel.Sel] == types.Unsafe.Scope().Lookup(name)
}

// Variable sends a variable that is made before, instead of an element. It is in
// a block of its own, so that two of them get along.
func (s *Site) Variable() []analysis.SuggestedFix {
	send, i := around[*ast.SendStmt](s)
	if i < 0 || i+1 >= len(s.path) || s.mentions(send.Chan, "v") {
		return nil
	}
	// In a select the element is taken only if the send happens.
	if _, ok := s.path[i+1].(*ast.BlockStmt); !ok {
		return nil
	}
	edits := append([]analysis.TextEdit{insert(send.Pos(), "{\nv := "+s.text(send.Value)+"\n")}, replace(send.Value, "v\n}")...)
	return []analysis.SuggestedFix{{Message: "Send a copy of the element", TextEdits: edits}}
}

// mentions tells whether an expression uses a name.
func (s *Site) mentions(e ast.Expr, name string) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && id.Name == name
		return !found
	})
	return found
}
