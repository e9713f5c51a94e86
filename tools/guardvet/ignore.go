package guardvet

import (
	"bytes"
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// directive lets code that does something on purpose, as a test of a fault does,
// say so: a comment on the line of the report, on the line above, or in the doc
// comment of the function around it, with the analyzer's name and a reason.
const directive = "//guardvet:ignore "

// withIgnores lets an analyzer honour directives, and reports those that have no
// reason or nothing to ignore.
func withIgnores(a *analysis.Analyzer) *analysis.Analyzer {
	run := a.Run
	a.Run = func(pass *analysis.Pass) (any, error) {
		ignores := ignoresOf(pass, a.Name)
		inner := *pass
		inner.Report = func(d analysis.Diagnostic) {
			if !ignores.cover(d.Pos) {
				pass.Report(d)
			}
		}
		result, err := run(&inner)
		ignores.report(pass)
		return result, err
	}
	return a
}

type ignore struct {
	pos      token.Pos
	file     *token.File
	from, to int // the lines that it is about
	reason   string
	used     bool
}

type ignores []*ignore

// ignoresOf finds the directives for an analyzer.
func ignoresOf(pass *analysis.Pass, name string) ignores {
	var found ignores
	for _, file := range pass.Files {
		funcs := docs(file)
		for _, group := range file.Comments {
			for _, c := range group.List {
				text, ok := strings.CutPrefix(c.Text, directive)
				if !ok {
					continue
				}
				if of, reason, _ := strings.Cut(text, " "); of == name {
					found = append(found, newIgnore(pass, c, funcs[group], reason))
				}
			}
		}
	}
	return found
}

// docs are the functions of a file by their doc comments.
func docs(file *ast.File) map[*ast.CommentGroup]*ast.FuncDecl {
	found := map[*ast.CommentGroup]*ast.FuncDecl{}
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Doc != nil {
			found[fn.Doc] = fn
		}
	}
	return found
}

func newIgnore(pass *analysis.Pass, c *ast.Comment, fn *ast.FuncDecl, reason string) *ignore {
	file := pass.Fset.File(c.Pos())
	line := file.Line(c.Pos())
	i := &ignore{pos: c.Pos(), file: file, from: line, to: line, reason: reason}
	switch {
	case fn != nil:
		i.to = file.Line(fn.End())
	case alone(pass, c.Pos()):
		i.to++
	}
	return i
}

// alone tells whether nothing but space stands before a place on its line. A
// source that cannot be read has no directives of that kind.
func alone(pass *analysis.Pass, pos token.Pos) bool {
	file := pass.Fset.File(pos)
	text, err := pass.ReadFile(file.Name())
	start, end := file.Offset(file.LineStart(file.Line(pos))), file.Offset(pos)
	return err == nil && end <= len(text) && len(bytes.TrimSpace(text[start:end])) == 0
}

func (is ignores) cover(pos token.Pos) bool {
	for _, i := range is {
		if int(pos) < i.file.Base() || int(pos) > i.file.Base()+i.file.Size() {
			continue
		}
		if line := i.file.Line(pos); i.from <= line && line <= i.to {
			i.used = true
			return true
		}
	}
	return false
}

func (is ignores) report(pass *analysis.Pass) {
	for _, i := range is {
		switch {
		case strings.TrimSpace(i.reason) == "":
			pass.Report(analysis.Diagnostic{Pos: i.pos, Category: pass.Analyzer.Name, Message: "the directive gives no reason"})
		case !i.used:
			pass.Report(analysis.Diagnostic{Pos: i.pos, Category: pass.Analyzer.Name, Message: "there is nothing here to ignore"})
		}
	}
}
