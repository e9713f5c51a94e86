// Command bookpages is the preprocessor of the book: mdBook calls it with the
// book on standard input and reads it back from standard output (see
// https://rust-lang.github.io/mdBook/for_developers/preprocessors.html).
// Where a chapter says
//
//	{{#mmapguard NAME ARGUMENTS}}
//
// on a line of its own, what the repository and its measurements say now takes
// its place. A page that cannot be made fails the build: nothing is left out
// in silence.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/mmapguard/go/site/internal/book"
	"github.com/mmapguard/go/site/internal/pages"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bookpages:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	// mdBook asks first whether a renderer is supported: all are, the pages are
	// Markdown.
	if len(args) > 0 && args[0] == "supports" {
		return nil
	}
	b, err := book.Read(os.Stdin)
	if err != nil {
		return err
	}
	source := pages.Source{Repository: b.Repository()}
	if err := b.Replace(func(d book.Directive) (string, error) { return source.Page(ctx, d.Name, d.Args) }); err != nil {
		return err
	}
	return b.Write(os.Stdout)
}
