// Package book reads and writes books as mdBook hands them to a preprocessor,
// finds the directives in their chapters, and puts pages in their place.
package book

import (
	"encoding/json"
	"fmt"
	"io"
	"path"
	"path/filepath"
)

// Book is a book on its way through the preprocessor. What this package does not
// know of it stays as it is.
type Book struct {
	root    string // the folder of book.toml
	src     string // the folder of the chapters, from there
	options map[string]any
	content map[string]any
}

// Page takes the place of a directive.
type Page struct {
	Text string
	// Below are chapters that come below the one with the directive.
	Below []Chapter
	// Source is the file, from the repository's folder, that the whole chapter was
	// made of: whoever edits the page edits that. It may be empty.
	Source string
}

// Chapter is one that no file of the book stands for.
type Chapter struct {
	Name   string
	Path   string // from the folder of the chapters, ending in .md
	Text   string
	Source string // as that of a Page
	Below  []Chapter
}

// Read reads what mdBook writes: a pair of the context and the book.
func Read(r io.Reader) (*Book, error) {
	var pair [2]map[string]any
	d := json.NewDecoder(r)
	d.UseNumber()
	if err := d.Decode(&pair); err != nil {
		return nil, fmt.Errorf("reading the book from mdBook (run by hand? it is for mdBook to call): %w", err)
	}
	root, ok := pair[0]["root"].(string)
	if !ok || pair[1] == nil {
		return nil, fmt.Errorf("reading the book from mdBook: no root, or no book; want mdBook 0.5")
	}
	b := &Book{root: root, src: "src", content: pair[1]}
	if src, ok := at(pair[0], "config", "book")["src"].(string); ok {
		b.src = src
	}
	b.options = at(pair[0], "config", "preprocessor", "mmapguard")
	return b, nil
}

// at follows names into a tree of JSON; what is not there is empty.
func at(tree map[string]any, names ...string) map[string]any {
	for _, name := range names {
		tree, _ = tree[name].(map[string]any)
	}
	return tree
}

// Repository is the folder that holds the book's own.
func (b *Book) Repository() string { return filepath.Dir(b.root) }

// Option tells whether book.toml, or a variable of mdBook's that overrides it,
// sets an option of this preprocessor.
func (b *Book) Option(name string) bool {
	set, _ := b.options[name].(bool)
	return set
}

// Write writes the book back.
func (b *Book) Write(w io.Writer) error { return json.NewEncoder(w).Encode(b.content) }

// chapters calls visit for each chapter, those below others after them.
func (b *Book) chapters(visit func(chapter map[string]any) error) error {
	items, ok := b.content["items"].([]any)
	if !ok {
		return fmt.Errorf("the book has no items; want mdBook 0.5")
	}
	return walk(items, visit)
}

func walk(items []any, visit func(map[string]any) error) error {
	for _, item := range items {
		fields, ok := item.(map[string]any)
		if !ok {
			continue // a separator
		}
		chapter, ok := fields["Chapter"].(map[string]any)
		if !ok {
			continue // the title of a part
		}
		below, _ := chapter["sub_items"].([]any)
		if err := visit(chapter); err != nil {
			return err
		}
		if err := walk(below, visit); err != nil {
			return err
		}
	}
	return nil
}

// Directives are those of all chapters, in their order.
func (b *Book) Directives() (all []Directive, err error) {
	err = b.chapters(func(chapter map[string]any) error {
		_, err := expand(text(chapter), file(chapter), func(d Directive) (Page, error) {
			all = append(all, d)
			return Page{}, nil
		})
		return b.located(chapter, err)
	})
	return all, err
}

// Replace puts pages where the chapters have directives.
func (b *Book) Replace(page func(Directive) (Page, error)) error {
	return b.chapters(func(chapter map[string]any) error {
		return b.located(chapter, replace(chapter, page))
	})
}

func replace(chapter map[string]any, page func(Directive) (Page, error)) error {
	var below []Chapter
	replaced, err := expand(text(chapter), file(chapter), func(d Directive) (Page, error) {
		p, err := page(d)
		below = append(below, p.Below...)
		if p.Source != "" {
			chapter["source_path"] = fromChapters(p.Source)
		}
		return p, err
	})
	if err != nil {
		return err
	}
	chapter["content"] = replaced
	inner, _ := chapter["sub_items"].([]any)
	names, _ := chapter["parent_names"].([]any)
	chapter["sub_items"] = append(inner, items(below, append(names, chapter["name"]), chapter["number"], len(inner))...)
	return nil
}

// items are chapters in mdBook's form. Their numbers go on from that of the
// chapter above, if it has one.
func items(chapters []Chapter, parents []any, above any, before int) (all []any) {
	for i, c := range chapters {
		var number any
		if n, ok := above.([]any); ok {
			number = append(append([]any{}, n...), before+i+1)
		}
		inner := items(c.Below, append(append([]any{}, parents...), c.Name), number, 0)
		if inner == nil {
			inner = []any{}
		}
		all = append(all, map[string]any{"Chapter": map[string]any{
			"name": c.Name, "content": c.Text, "number": number, "sub_items": inner,
			"path": c.Path, "source_path": fromChapters(c.Source), "parent_names": parents,
		}})
	}
	return all
}

// fromChapters is a file of the repository as mdBook wants it: after the address
// of the chapters' folder.
func fromChapters(source string) any {
	if source == "" {
		return nil
	}
	return path.Join("..", "..", source)
}

func text(chapter map[string]any) string {
	t, _ := chapter["content"].(string)
	return t
}

// file is the chapter's, from the folder of the chapters.
func file(chapter map[string]any) string {
	p, _ := chapter["path"].(string)
	return p
}
