package book

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Directive asks for a generated page.
type Directive struct {
	Name string
	Args []string
	// Chapter is the file of the chapter, from the folder of the chapters.
	Chapter string
}

var directive = regexp.MustCompile(`(?m)^\{\{#mmapguard([^}\n]*)\}\}$`)

// FailureError is a directive that no page could be made for.
type FailureError struct {
	Line string // the directive as it stands in the chapter
	Err  error
}

func (f *FailureError) Error() string { return f.Line + ": " + f.Err.Error() }
func (f *FailureError) Unwrap() error { return f.Err }

// expand replaces the directives of a text.
func expand(text, chapter string, page func(Directive) (Page, error)) (string, error) {
	var failed error
	out := directive.ReplaceAllStringFunc(text, func(line string) string {
		words := strings.Fields(directive.FindStringSubmatch(line)[1])
		if failed != nil {
			return line
		}
		if len(words) == 0 {
			failed = &FailureError{line, errors.New("which page?")}
			return line
		}
		made, err := page(Directive{words[0], words[1:], chapter})
		if err != nil {
			failed = &FailureError{line, err}
		}
		return strings.TrimRight(made.Text, "\n")
	})
	return out, failed
}

// located says in which line of which file a directive failed. The chapter's
// file is asked, because another preprocessor may have moved the lines of what
// mdBook handed over.
func (b *Book) located(chapter map[string]any, err error) error {
	var f *FailureError
	if !errors.As(err, &f) {
		return err
	}
	name, _ := chapter["source_path"].(string)
	file := filepath.Join(b.root, b.src, name)
	text, unread := os.ReadFile(file) // #nosec G304 -- a chapter that mdBook names
	before, _, found := bytes.Cut(text, []byte(f.Line))
	if unread != nil || !found {
		return fmt.Errorf("%s: %w", file, err)
	}
	return fmt.Errorf("%s:%d: %w", file, 1+bytes.Count(before, []byte("\n")), err)
}
