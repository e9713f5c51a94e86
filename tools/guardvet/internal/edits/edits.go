// Package edits suggests changes of source text.
package edits

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
)

// A Site is a place in the source.
type Site struct {
	pass *analysis.Pass
	file *ast.File
	// path are the nodes around the place, the innermost first.
	path []ast.Node
	pos  token.Pos
}

// At finds a place.
func At(pass *analysis.Pass, pos token.Pos) *Site {
	s := &Site{pass: pass, pos: pos}
	for _, file := range pass.Files {
		if file.FileStart <= pos && pos < file.FileEnd {
			s.file = file
			s.path, _ = astutil.PathEnclosingInterval(file, pos, pos+1)
		}
	}
	return s
}

// around is the innermost node of a type around the place.
func around[N ast.Node](s *Site) (found N, index int) {
	for i, n := range s.path {
		if n, ok := n.(N); ok {
			return n, i
		}
	}
	return found, -1
}

// isBytes tells whether an expression is a slice of bytes.
func (s *Site) isBytes(e ast.Expr) bool {
	t := s.pass.TypesInfo.TypeOf(e)
	if t == nil {
		return false
	}
	slice, ok := t.Underlying().(*types.Slice)
	return ok && types.Identical(slice.Elem(), types.Typ[types.Byte])
}

func (s *Site) text(n ast.Node) string {
	var b bytes.Buffer
	if err := format.Node(&b, s.pass.Fset, n); err != nil {
		return ""
	}
	return b.String()
}

// imported is the name by which the file knows a package of the standard
// library, and the edit that imports it if none does yet.
func (s *Site) imported(pkg string) (name string, edit []analysis.TextEdit) {
	for _, spec := range s.file.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err != nil || path != pkg {
			continue
		}
		switch {
		case spec.Name == nil:
			return pkg, nil
		case spec.Name.Name != "_" && spec.Name.Name != ".":
			return spec.Name.Name, nil
		}
	}
	return pkg, []analysis.TextEdit{s.addImport(pkg)}
}

func (s *Site) addImport(pkg string) analysis.TextEdit {
	for _, decl := range s.file.Decls {
		if gen, ok := decl.(*ast.GenDecl); ok && gen.Tok == token.IMPORT && gen.Lparen.IsValid() && len(gen.Specs) > 0 {
			return insert(gen.Specs[0].Pos(), strconv.Quote(pkg)+"\n\t")
		}
	}
	return insert(s.file.Name.End(), "\n\nimport "+strconv.Quote(pkg))
}

func insert(pos token.Pos, text string) analysis.TextEdit {
	return analysis.TextEdit{Pos: pos, End: pos, NewText: []byte(text)}
}

func replace(n ast.Node, text string) []analysis.TextEdit {
	return []analysis.TextEdit{{Pos: n.Pos(), End: n.End(), NewText: []byte(text)}}
}

// free tells whether a name means nothing at the place, or what is wanted.
func (s *Site) free(name string, also types.Object) bool {
	scope := s.pass.Pkg.Scope().Innermost(s.pos)
	if scope == nil {
		return false
	}
	_, obj := scope.LookupParent(name, s.pos)
	return obj == nil || obj == also
}
