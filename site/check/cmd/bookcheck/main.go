// Command bookcheck holds the built book to what readers may expect: links that
// lead somewhere, pages that people with disabilities, phones and slow lines can
// use, a search that finds, keys that work, and nothing asked of other hosts. It
// looks at every page in a real Chromium, once over HTTP below a path, and once
// from the disk, at the size of a phone.
//
// Each gate prints a line. The exit code is 1 if one of them found something.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bookcheck:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bookcheck", flag.ContinueOnError)
	var c check
	flags.StringVar(&c.repository, "root", "../..", "folder of the repository")
	flags.StringVar(&c.dir, "book", "../../.cache/book/html", "folder of the built book")
	flags.StringVar(&c.shots, "shots", "../../.cache/book/shots", "folder for screenshots")
	flags.StringVar(&c.axeFile, "axe", "../../.cache/book-tools/node_modules/axe-core/axe.min.js", "script of axe-core")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := c.all(ctx); err != nil {
		return err
	}
	if c.problems > 0 {
		return fmt.Errorf("%d problems", c.problems)
	}
	return nil
}
