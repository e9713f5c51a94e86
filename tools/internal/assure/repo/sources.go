package repo

import (
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sources are the parsed Go files.
type Sources struct {
	Tests  map[string]Test  // by "folder.TestName"
	Cases  map[string]Place // by ID
	Unsafe []UnsafeExpression

	tree *Tree
	fset *token.FileSet
}

// Place is a line of a file.
type Place struct {
	File string
	Line int
}

func (p Place) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// Test is a test or a fuzz target.
type Test struct {
	Place
	Folder, Name string
	Fuzz         bool
}

// Scan parses all Go files.
func Scan(t *Tree) (*Sources, error) {
	s := &Sources{Tests: map[string]Test{}, Cases: map[string]Place{}, tree: t, fset: token.NewFileSet()}
	names, err := t.goFiles()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := t.ReadFile(name)
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(s.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("not Go: %w", err)
		}
		s.scan(name, file)
	}
	return s, nil
}

func (s *Sources) scan(name string, file *ast.File) {
	switch folder := path.Dir(name); {
	case strings.HasSuffix(name, "_test.go"):
		s.addTests(folder, file)
	case folder == casesFolder:
		s.addCases(file)
	}
	s.Unsafe = append(s.Unsafe, s.unsafeIn(file)...)
}

func (s *Sources) place(p token.Pos) Place {
	at := s.fset.Position(p)
	return Place{at.Filename, at.Line}
}

// addTests finds the functions that go test would run.
func (s *Sources) addTests(folder string, file *ast.File) {
	for _, decl := range file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Recv != nil || f.Name.Name == "TestMain" {
			continue
		}
		fuzz := isTestName(f.Name.Name, "Fuzz")
		if fuzz || isTestName(f.Name.Name, "Test") {
			s.Tests[folder+"."+f.Name.Name] = Test{s.place(f.Pos()), folder, f.Name.Name, fuzz}
		}
	}
}

// isTestName is the rule of go test: what follows the prefix begins with no
// lower-case letter.
func isTestName(name, prefix string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	first, _ := utf8.DecodeRuneInString(rest)
	return ok && !unicode.IsLower(first)
}

// casesFolder is where conformance cases are defined, as literals with an ID.
const casesFolder = "conformance"

var caseID = regexp.MustCompile(`^"((?:SR|AV|TRAP)-\d+/[a-z0-9-]+)"$`)

func (s *Sources) addCases(file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		pair, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		key, _ := pair.Key.(*ast.Ident)
		value, _ := pair.Value.(*ast.BasicLit)
		if key == nil || value == nil || key.Name != "ID" {
			return true
		}
		if m := caseID.FindStringSubmatch(value.Value); m != nil {
			s.Cases[m[1]] = s.place(value.Pos())
		}
		return true
	})
}

// Builds tells whether a file is part of the build for a system, by its name
// and its build constraint.
func (s *Sources) Builds(name, goos, goarch string) bool {
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled = goos, goarch, false
	ctx.OpenFile = func(string) (io.ReadCloser, error) { return s.tree.Open(name) }
	ok, err := ctx.MatchFile(path.Dir(name), path.Base(name))
	return ok && err == nil
}
