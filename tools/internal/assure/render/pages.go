package render

import (
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/mmapguard/go/tools/internal/assure/model"
)

//go:embed pages/*.md
var pages embed.FS

// Page is a page of the case as the book's table of contents has it.
type Page struct {
	File  string `json:"file"`
	Title string `json:"title"`
	// Source is the file, from the repository's root, in which what the page tells
	// is kept.
	Source string `json:"source"`
	Below  []Page `json:"below,omitempty"`
}

// contents is the name of the list of pages, which the book reads.
const contents = "contents.json"

// Pages writes everything that is published into a folder: the pages and the
// list of them, a diagram of the whole argument and one for each requirement,
// and the verdicts.
func (b *Book) Pages(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { // #nosec G301 -- it is to be published
		return err
	}
	set, err := template.New("").Funcs(b.functions()).ParseFS(pages, "pages/*.md")
	if err != nil {
		return err
	}
	for _, p := range b.sources() {
		if err := b.page(set, p, dir); err != nil {
			return err
		}
	}
	if err := writeJSON(filepath.Join(dir, contents), b.contents()); err != nil {
		return err
	}
	if err := b.diagrams(dir); err != nil {
		return err
	}
	return writeJSON(filepath.Join(dir, "verdicts.json"), b.Verdicts)
}

// source is a page, with the template that makes it and what it is made of.
type source struct {
	Page
	template string
	data     any
}

// sources are all pages in the order in which they are read; frameworks come
// last, below a page of their own.
func (b *Book) sources() []source {
	const readme, folder = "assurance-case/README.md", "assurance-case/"
	all := []source{
		{Page{File: "index.md", Title: "Assurance case", Source: readme}, "index.md", b},
		{Page{File: "argument.md", Title: "The argument", Source: b.top().File}, "argument.md", b},
	}
	for _, r := range b.Subject.Case.Requirements {
		all = append(all, source{Page{File: fileOf(r.ID), Title: r.ID + " " + r.Title, Source: r.File}, "requirement.md", r})
	}
	for _, p := range []Page{
		{File: "threats.md", Title: "Threat model", Source: folder + "threats.yaml"},
		{File: "risks.md", Title: "Residual risks", Source: folder + "risks.yaml"},
		{File: "registers.md", Title: "Registers", Source: readme},
		{File: "frameworks.md", Title: "Frameworks", Source: readme},
	} {
		all = append(all, source{p, p.File, b})
	}
	for _, f := range b.Subject.Case.Frameworks {
		all = append(all, source{Page{File: "framework-" + f.ID + ".md", Title: f.Title, Source: f.File}, "framework.md", f})
	}
	return all
}

// contents is the tree of the pages below the first.
func (b *Book) contents() Page {
	all := b.sources()
	frameworks := len(b.Subject.Case.Frameworks)
	root := all[0].Page
	for _, s := range all[1 : len(all)-frameworks] {
		root.Below = append(root.Below, s.Page)
	}
	last := &root.Below[len(root.Below)-1]
	for _, s := range all[len(all)-frameworks:] {
		last.Below = append(last.Below, s.Page)
	}
	return root
}

// fileOf is the page of a requirement.
func fileOf(requirement string) string { return anchor(requirement) + ".md" }

func (b *Book) page(set *template.Template, p source, dir string) error {
	var text strings.Builder
	if err := set.ExecuteTemplate(&text, p.template, p.data); err != nil {
		return fmt.Errorf("page %s: %w", p.File, err)
	}
	return write(filepath.Join(dir, p.File), tidy(text.String()))
}

// tidy leaves one empty line where the templates left several.
func tidy(text string) string {
	for strings.Contains(text, "\n\n\n") {
		text = strings.ReplaceAll(text, "\n\n\n", "\n\n")
	}
	return strings.TrimSpace(text) + "\n"
}

func write(file, text string) error {
	return os.WriteFile(file, []byte(text), 0o644) // #nosec G306 -- it is to be published
}

func writeJSON(file string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return write(file, string(text)+"\n")
}

// top is the claim that all others support.
func (b *Book) top() model.Goal { return b.Subject.Case.Argument.Goals[0] }

const wholeTitle = "The argument as a whole"

// diagrams draws the argument as a whole, without the countermeasures, and each
// requirement's part of it with them, for readers outside the book.
func (b *Book) diagrams(dir string) error {
	if err := write(filepath.Join(dir, "gsn.svg"), b.diagram(b.top(), wholeTitle, 1, standalone)); err != nil {
		return err
	}
	for _, r := range b.Subject.Case.Requirements {
		for _, g := range b.goalsOf(r.ID) {
			drawing := b.diagram(g, r.ID+": "+r.Title, -1, standalone)
			if err := write(filepath.Join(dir, "gsn-"+r.ID+".svg"), drawing); err != nil {
				return err
			}
		}
	}
	return nil
}
