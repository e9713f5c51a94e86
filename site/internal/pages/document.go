package pages

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/mmapguard/go/site/internal/book"
)

// sources is where files are shown that are no chapters.
const sources = "https://github.com/mmapguard/go"

// document is a file of the repository as a whole chapter.
func (s *Source) document(_ context.Context, d book.Directive) (book.Page, error) {
	name, err := one(d.Args, "a document from the repository's folder")
	if err != nil {
		return book.Page{}, err
	}
	content, err := s.quoted(name, d.Chapter)
	return book.Page{Text: content, Source: name}, err
}

// part is a document without a heading of its own as a part of a chapter.
func (s *Source) part(_ context.Context, d book.Directive) (book.Page, error) {
	name, err := one(d.Args, "a document from the repository's folder")
	if err != nil {
		return book.Page{}, err
	}
	content, err := s.quoted(name, d.Chapter)
	if err == nil && strings.HasPrefix(content, "# ") {
		err = fmt.Errorf("%s is a chapter of its own: it has a heading", name)
	}
	return book.Page{Text: content}, err
}

// peers is the comparison with other libraries, one heading higher than where it
// stands alone, because the chapter has none between.
func (s *Source) peers(ctx context.Context, d book.Directive) (book.Page, error) {
	d.Args = []string{"conformance/peers/TABLE.md"}
	page, err := s.part(ctx, d)
	page.Text = regexp.MustCompile(`(?m)^###`).ReplaceAllString(page.Text, "##")
	return page, err
}

// quoted reads a document for a chapter, and turns its links.
func (s *Source) quoted(name, chapter string) (string, error) {
	content, err := os.ReadFile(filepath.Join(s.Repository, filepath.FromSlash(name))) // #nosec G304 -- a document of the repository, named by a chapter
	if err != nil {
		return "", err
	}
	var out strings.Builder
	fenced, number := false, 0
	for line := range strings.Lines(string(content)) {
		number++
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
		}
		if !fenced {
			if line, err = s.turned(line, name, chapter); err != nil {
				return "", fmt.Errorf("%s:%d: %w", name, number, err)
			}
		}
		out.WriteString(line)
	}
	return out.String(), nil
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// turned is a line whose links lead from a chapter to where they led from a
// document.
func (s *Source) turned(line, document, chapter string) (string, error) {
	var failed error
	line = link.ReplaceAllStringFunc(line, func(found string) string {
		target := link.FindStringSubmatch(found)[1]
		if strings.Contains(target, "://") || strings.HasPrefix(target, "#") || strings.HasPrefix(target, "mailto:") {
			return found
		}
		address, err := s.address(target, document, chapter)
		if err != nil {
			failed = err
		}
		return "](" + address + ")"
	})
	return line, failed
}

// address is where a link of a document leads to from a chapter: to the chapter
// that another document has become, or to the source.
func (s *Source) address(target, document, chapter string) (string, error) {
	file, fragment, _ := strings.Cut(target, "#")
	file = path.Join(path.Dir(document), file)
	if fragment != "" {
		fragment = "#" + fragment
	}
	if to, ok := s.documents[file]; ok {
		relative, err := filepath.Rel(filepath.FromSlash(path.Dir(chapter)), filepath.FromSlash(to))
		return filepath.ToSlash(relative) + fragment, err
	}
	info, err := os.Stat(filepath.Join(s.Repository, filepath.FromSlash(file)))
	if err != nil {
		return "", fmt.Errorf("the link to %s leads nowhere: %w", target, err)
	}
	kind := "blob"
	if info.IsDir() {
		kind = "tree"
	}
	return fmt.Sprintf("%s/%s/main/%s%s", sources, kind, file, fragment), nil
}
