// Package mend mends the HTML of mdBook's own templates, where it is not what
// the HTML standard or the Web Content Accessibility Guidelines want. Templates
// of our own would have to follow each release of mdBook; these few places do
// not, and say so when they are gone.
package mend

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// place is one thing to mend, in each page that has it.
type place struct {
	why     string
	pattern *regexp.Regexp
	with    string
}

var places = []place{
	{
		"a frame has a title (WCAG 2.2, 4.1.2)",
		regexp.MustCompile(`<iframe class="sidebar-iframe-outer"`),
		`<iframe title="Table of contents" class="sidebar-iframe-outer"`,
	}, {
		"an anchor cannot prefetch (HTML, 4.6.7)",
		regexp.MustCompile(`<a rel="next prefetch"`),
		`<a rel="next"`,
	}, {
		"the standard has no link type for editing (HTML, 4.6.7)",
		regexp.MustCompile(` aria-label="Suggest an edit" rel="edit">`),
		` aria-label="Suggest an edit">`,
	}, {
		"a document has a title (HTML, 4.2.2)",
		regexp.MustCompile(`(<meta charset="UTF-8">)(\s*<meta name="robots" content="noindex">\s*(?:<!--.*?-->\s*)?<meta name="viewport")`),
		`$1<title>Table of contents</title>$2`,
	}, {
		"an item is in a list, not in another item (HTML, 4.4.8)",
		regexp.MustCompile(`<li class="chapter-item expanded ">(<li class="part-title">[^<]*</li>)</li>`),
		`$1`,
	},
}

// Folder mends all pages in a folder.
func Folder(dir string) error {
	seen := make([]bool, len(places))
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".html" {
			return err
		}
		return file(filepath.Join(dir, name), seen)
	})
	if err != nil {
		return fmt.Errorf("mending the built book: %w", err)
	}
	var gone []error
	for i, place := range places {
		if !seen[i] {
			gone = append(gone, fmt.Errorf("nothing to mend where %s: mdBook's templates have changed, and so must this list", place.why))
		}
	}
	return errors.Join(gone...)
}

func file(name string, seen []bool) error {
	text, err := os.ReadFile(name) // #nosec G304 -- in the folder that was asked for
	if err != nil {
		return err
	}
	mended := text
	for i, place := range places {
		now := place.pattern.ReplaceAll(mended, []byte(place.with))
		seen[i] = seen[i] || !bytes.Equal(now, mended)
		mended = now
	}
	if bytes.Equal(mended, text) {
		return nil
	}
	return os.WriteFile(name, mended, 0o644) // #nosec G306 G703 -- for a server to read, in the folder that was asked for
}
