package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/mmapguard/go/site/check/internal/book"
	"github.com/mmapguard/go/site/check/internal/browser"
	"github.com/mmapguard/go/site/check/internal/gates"
	"github.com/mmapguard/go/site/check/internal/links"
	"github.com/mmapguard/go/site/check/internal/serve"
)

// hosted is where the repository lies on the web, as in book.toml.
const hosted = "https://github.com/mmapguard/go"

// browsers is how many look at the pages at the same time, each with some 300 MB.
const browsers = 2

// check is one run of all gates.
type check struct {
	repository, dir, shots, axeFile string

	axe      gates.Axe
	problems int
}

// report prints the line of a gate, and what it found.
func (c *check) report(gate, looked string, problems []string) {
	verdict := "passed"
	if len(problems) > 0 {
		verdict = "FAILED"
	}
	fmt.Printf("%s  %s: %s\n", verdict, gate, looked)
	for _, problem := range problems {
		fmt.Printf("        %s\n", strings.ReplaceAll(problem, "\n", " "))
	}
	c.problems += len(problems)
}

func (c *check) all(ctx context.Context) error {
	pages, err := book.Read(c.dir)
	if err != nil {
		return err
	}
	if c.axe, err = gates.LoadAxe(c.axeFile); err != nil {
		return err
	}
	problems, followed := links.Checker{Dir: c.dir, Repository: c.repository, Hosted: hosted}.Check(pages)
	c.report("links and anchors", fmt.Sprintf("%d links of %d pages", followed, len(pages)), problems)

	server, err := serve.Folder(ctx, c.dir, "/go/")
	if err != nil {
		return err
	}
	defer server.Close()
	tabs, err := startAll(ctx)
	defer closeAll(tabs)
	if err != nil {
		return err
	}
	dir, err := filepath.Abs(c.dir)
	if err != nil {
		return err
	}
	return c.look(tabs, book.Names(pages), server.Base, "file://"+filepath.ToSlash(dir)+"/")
}

func startAll(ctx context.Context) (tabs []*browser.Tab, err error) {
	for range browsers {
		tab, err := browser.Start(ctx)
		if err != nil {
			return tabs, err
		}
		tabs = append(tabs, tab)
	}
	return tabs, nil
}

func closeAll(tabs []*browser.Tab) {
	for _, tab := range tabs {
		tab.Close()
	}
}

// look looks at the book where a server has it, below a path, and on the disk.
func (c *check) look(tabs []*browser.Tab, names []string, served, disk string) error {
	if err := c.everyPage(tabs, names, served, disk); err != nil {
		return err
	}
	for _, place := range []struct{ name, base string }{{"below a path", served}, {"from the disk", disk}} {
		if err := c.readers(tabs[0], place.name, place.base); err != nil {
			return fmt.Errorf("%s: %w", place.name, err)
		}
	}
	return c.pictures(tabs[0], served)
}
