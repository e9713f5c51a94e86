// Package book reads and writes books as mdBook hands them to a preprocessor,
// and finds the directives in their chapters.
package book

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
)

// Book is a book on its way through the preprocessor. What this package does not
// know of it stays as it is.
type Book struct {
	root    string
	content map[string]any
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
	return &Book{root, pair[1]}, nil
}

// Repository is the folder that holds the book's own.
func (b *Book) Repository() string { return filepath.Dir(b.root) }

// Write writes the book back.
func (b *Book) Write(w io.Writer) error { return json.NewEncoder(w).Encode(b.content) }

// Replace puts pages where the chapters have directives.
func (b *Book) Replace(page func(Directive) (string, error)) error {
	items, ok := b.content["items"].([]any)
	if !ok {
		return fmt.Errorf("the book has no items; want mdBook 0.5")
	}
	return replaceItems(items, page)
}

func replaceItems(items []any, page func(Directive) (string, error)) error {
	for _, item := range items {
		fields, ok := item.(map[string]any)
		if !ok {
			continue // a separator
		}
		chapter, ok := fields["Chapter"].(map[string]any)
		if !ok {
			continue // the title of a part
		}
		if err := replaceChapter(chapter, page); err != nil {
			return fmt.Errorf("%v: %w", chapter["source_path"], err)
		}
	}
	return nil
}

func replaceChapter(chapter map[string]any, page func(Directive) (string, error)) error {
	text, _ := chapter["content"].(string)
	replaced, err := Expand(text, page)
	if err != nil {
		return err
	}
	chapter["content"] = replaced
	inner, _ := chapter["sub_items"].([]any)
	return replaceItems(inner, page)
}
