// Package pages makes the generated parts of the book, each from what the
// repository is: its source, its documents, its commands, and the measurements
// that they left.
package pages

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/mmapguard/go/site/internal/book"
)

// Source is where pages come from.
type Source struct {
	// Repository is the folder of the repository.
	Repository string
	// Data is the folder with the measurements; if it is empty, that is .cache in
	// the repository.
	Data string
	// RequireData makes an error of measurements that are not there. Without it
	// the page says so, and how to make them.
	RequireData bool

	// documents are the files of the repository that chapters were made of.
	documents map[string]string
}

type maker func(*Source, context.Context, book.Directive) (book.Page, error)

// text is a maker of a page that is text alone.
func text(made func(*Source, context.Context, []string) (string, error)) maker {
	return func(s *Source, ctx context.Context, d book.Directive) (book.Page, error) {
		content, err := made(s, ctx, d.Args)
		return book.Page{Text: content}, err
	}
}

var makers = map[string]maker{
	"api":          text((*Source).api),
	"assurance":    (*Source).assurance,
	"bench":        text((*Source).bench),
	"bench-ladder": text((*Source).benchLadder),
	"bench-trace":  text((*Source).benchTrace),
	"demo":         text((*Source).demo),
	"document":     (*Source).document,
	"exitcodes":    text((*Source).exitCodes),
	"help":         text((*Source).help),
	"imports":      text((*Source).imports),
	"ladder":       text((*Source).ladder),
	"matrix":       text((*Source).matrix),
	"part":         (*Source).part,
	"peers":        (*Source).peers,
	"reasons":      text((*Source).reasons),
	"rules":        text((*Source).rules),
	"rungs":        text((*Source).rungs),
	"sentinels":    text((*Source).sentinels),
	"steps":        text((*Source).steps),
}

// Names are those of all pages.
func Names() []string { return slices.Sorted(maps.Keys(makers)) }

// Know tells of the directives in the book, so that links between documents
// lead to the chapters that were made of them.
func (s *Source) Know(directives []book.Directive) {
	s.documents = map[string]string{}
	for _, d := range directives {
		if d.Name == "document" && len(d.Args) == 1 {
			s.documents[d.Args[0]] = d.Chapter
		}
	}
}

// Page makes the page that a directive asks for.
func (s *Source) Page(ctx context.Context, d book.Directive) (book.Page, error) {
	page, ok := makers[d.Name]
	if !ok {
		return book.Page{}, fmt.Errorf("there is no page %q; there are %s", d.Name, strings.Join(Names(), ", "))
	}
	return page(s, ctx, d)
}

// one is the only argument of a directive.
func one(args []string, what string) (string, error) {
	if len(args) != 1 {
		return "", fmt.Errorf("want one argument, %s, and not %q", what, args)
	}
	return args[0], nil
}
