// Command bookpages is the preprocessor of the book: mdBook calls it with the
// book on standard input and reads it back from standard output (see
// https://rust-lang.github.io/mdBook/for_developers/preprocessors.html).
// Where a chapter says
//
//	{{#mmapguard NAME ARGUMENTS}}
//
// on a line of its own, what the repository and its measurements say now takes
// its place. A page that cannot be made fails the build: nothing is left out in
// silence. Measurements that nobody has made are told to be missing, unless the
// book is to be published: with --require-data, or the option require-data in
// book.toml, for which mdBook also reads the variable
// MDBOOK_PREPROCESSOR__MMAPGUARD__REQUIRE_DATA, they fail the build too.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"

	"github.com/mmapguard/go/site/internal/book"
	"github.com/mmapguard/go/site/internal/pages"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	stop()
	switch {
	case errors.Is(err, errNotSupported):
		os.Exit(1) // which is how mdBook is told
	case err != nil:
		fmt.Fprintln(os.Stderr, "bookpages:", err)
		os.Exit(1)
	}
}

var errNotSupported = errors.New("the renderer is not supported")

// supported are the renderers that can show the pages: they are Markdown with
// pictures in HTML.
var supported = []string{"html", "markdown"}

func run(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	flags := flag.NewFlagSet("bookpages", flag.ContinueOnError)
	require := flags.Bool("require-data", false, "fail if measurements are missing")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.Arg(0) == "supports" {
		if !slices.Contains(supported, flags.Arg(1)) {
			return errNotSupported
		}
		return nil
	}
	b, err := book.Read(stdin)
	if err != nil {
		return err
	}
	directives, err := b.Directives()
	if err != nil {
		return err
	}
	source := pages.Source{Repository: b.Repository(), RequireData: *require || b.Option("require-data")}
	source.Know(directives)
	if err := b.Replace(func(d book.Directive) (book.Page, error) { return source.Page(ctx, d) }); err != nil {
		return err
	}
	return b.Write(stdout)
}
