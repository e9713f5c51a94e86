// Package pages makes the generated parts of the book, each from what the
// repository is: its source, its commands, and the measurements they left.
package pages

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Source is where pages come from.
type Source struct {
	// Repository is the folder of the repository.
	Repository string
}

type maker func(Source, context.Context, []string) (string, error)

var makers = map[string]maker{
	"api":       Source.api,
	"demo":      Source.demo,
	"exitcodes": Source.exitCodes,
	"imports":   Source.imports,
	"ladder":    Source.ladder,
	"sentinels": Source.sentinels,
}

// Page makes the page of a name.
func (s Source) Page(ctx context.Context, name string, args []string) (string, error) {
	page, ok := makers[name]
	if !ok {
		return "", fmt.Errorf("there is no page %q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(makers)), ", "))
	}
	return page(s, ctx, args)
}
