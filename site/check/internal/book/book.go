// Package book reads a built book: the pages in its folder, and what they hold.
package book

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"golang.org/x/net/html"
)

// Page is one HTML file of the book.
type Page struct {
	// Name is its path in the folder, with slashes.
	Name string
	// IDs are what an anchor may point at.
	IDs map[string]bool
	// Links are what readers may follow.
	Links []string
	// Loads are what the browser fetches to show the page.
	Loads []string
}

// Read reads all pages in a folder, sorted by name.
func Read(dir string) ([]Page, error) {
	var pages []Page
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".html" {
			return err
		}
		page, err := read(dir, name)
		pages = append(pages, page)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the built book (`just docs` builds it): %w", err)
	}
	if len(pages) == 0 {
		return nil, fmt.Errorf("%s has no page: `just docs` builds the book", dir)
	}
	return pages, nil
}

func read(dir, name string) (Page, error) {
	f, err := os.Open(filepath.Join(dir, filepath.FromSlash(name))) // #nosec G304 -- found in the folder that was asked for
	if err != nil {
		return Page{}, err
	}
	root, err := html.Parse(f)
	if err := f.Close(); err != nil {
		return Page{}, fmt.Errorf("%s: %w", name, err)
	}
	if err != nil {
		return Page{}, fmt.Errorf("%s: %w", name, err)
	}
	page := Page{Name: name, IDs: map[string]bool{}}
	for node := range root.Descendants() {
		if node.Type == html.ElementNode {
			page.element(node)
		}
	}
	return page, nil
}

// element takes note of an element. Links within an inline SVG are an `a`, too.
func (p *Page) element(node *html.Node) {
	for _, a := range node.Attr {
		switch {
		case a.Key == "id" || a.Key == "name" && node.Data == "a":
			p.IDs[a.Val] = true
		case a.Key == "href" && (node.Data == "a" || node.Data == "area"):
			p.Links = append(p.Links, a.Val)
		case a.Key == "href" && node.Data == "link", a.Key == "src":
			p.Loads = append(p.Loads, a.Val)
		}
	}
}

// Names are the names of pages.
func Names(pages []Page) []string {
	names := make([]string, len(pages))
	for i, page := range pages {
		names[i] = page.Name
	}
	slices.Sort(names)
	return names
}
