package pages

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/doc"
	"go/doc/comment"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
)

const (
	libraryFolder = "mmapguard"
	libraryPath   = "github.com/mmapguard/go/mmapguard"
)

// reference is the library's documentation as Go tools read it.
type reference struct {
	fset *token.FileSet
	pkg  *doc.Package
	out  strings.Builder
}

func (s *Source) reference() (*reference, error) {
	r := &reference{fset: token.NewFileSet()}
	dir := filepath.Join(s.Repository, libraryFolder)
	notes := parser.ParseComments | parser.SkipObjectResolution
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, name := range names {
		f, err := parser.ParseFile(r.fset, name, nil, notes)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: %w", dir, fs.ErrNotExist)
	}
	r.pkg, err = doc.NewFromFiles(r.fset, files, libraryPath)
	return r, err
}

// api is the reference of all that is exported.
func (s *Source) api(context.Context, []string) (string, error) {
	r, err := s.reference()
	if err != nil {
		return "", err
	}
	r.text(r.pkg.Doc, 2)
	r.values("Constants", r.pkg.Consts)
	r.values("Variables", r.pkg.Vars)
	fmt.Fprintf(&r.out, "## Functions\n\n")
	r.functions(r.pkg.Funcs, "")
	fmt.Fprintf(&r.out, "## Types\n\n")
	for _, t := range r.pkg.Types {
		r.typ(t)
	}
	return r.out.String(), nil
}

func (r *reference) typ(t *doc.Type) {
	fmt.Fprintf(&r.out, "### type %s {#%[1]s}\n\n", t.Name)
	r.code(t.Decl)
	r.text(t.Doc, 4)
	for _, v := range append(t.Consts, t.Vars...) {
		r.value(v)
	}
	r.examples(t.Examples)
	r.functions(t.Funcs, "")
	r.functions(t.Methods, t.Name+".")
}

func (r *reference) values(title string, values []*doc.Value) {
	if len(values) == 0 {
		return
	}
	fmt.Fprintf(&r.out, "## %s\n\n", title)
	for _, v := range values {
		r.value(v)
	}
}

func (r *reference) value(v *doc.Value) {
	for _, name := range v.Names {
		fmt.Fprintf(&r.out, "<a id=\"%s\"></a>", name)
	}
	r.out.WriteString("\n\n")
	r.code(v.Decl)
	r.text(v.Doc, 4)
}

func (r *reference) functions(funcs []*doc.Func, prefix string) {
	for _, f := range funcs {
		fmt.Fprintf(&r.out, "### func %s%s {#%[1]s%[2]s}\n\n", prefix, f.Name)
		r.code(f.Decl)
		r.text(f.Doc, 4)
		r.examples(f.Examples)
	}
}

// examples are shown by their bodies, which is what a reader would write.
func (r *reference) examples(examples []*doc.Example) {
	for _, e := range examples {
		r.out.WriteString("Example:\n\n")
		r.code(e.Code)
	}
}

func (r *reference) code(node ast.Node) {
	var b bytes.Buffer
	if err := format.Node(&b, r.fset, node); err != nil {
		fmt.Fprintf(&b, "%v", err)
	}
	fmt.Fprintf(&r.out, "```go\n%s\n```\n\n", strings.TrimSpace(b.String()))
}

// text prints a doc comment; its links lead to this page's own headings.
func (r *reference) text(text string, level int) {
	p := r.pkg.Printer()
	p.HeadingLevel = level
	p.DocLinkURL = func(link *comment.DocLink) string {
		if link.ImportPath != "" {
			return "https://pkg.go.dev/" + link.ImportPath + "#" + link.Name
		}
		return "#" + strings.TrimPrefix(link.Recv+"."+link.Name, ".")
	}
	parsed := r.pkg.Parser().Parse(text)
	for _, block := range parsed.Content {
		if code, ok := block.(*comment.Code); ok {
			fenced(&r.out, code.Text)
			continue
		}
		r.out.Write(p.Markdown(&comment.Doc{Content: []comment.Block{block}, Links: parsed.Links}))
		r.out.WriteString("\n")
	}
}

// fenced prints the code of a doc comment, which does not say what language it
// is in, so that Go is highlighted and nothing else is.
func fenced(out *strings.Builder, code string) {
	language := "text"
	if _, err := format.Source([]byte(code)); err == nil {
		language = "go"
	}
	fmt.Fprintf(out, "```%s\n%s\n```\n\n", language, strings.TrimRight(code, "\n"))
}
