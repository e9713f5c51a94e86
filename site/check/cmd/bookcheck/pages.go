package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/mmapguard/go/site/check/internal/browser"
	"github.com/mmapguard/go/site/check/internal/gates"
)

// The size of a desktop's window, in pixels of CSS: the sidebar is open.
const (
	desktopWidth  = 1280
	desktopHeight = 900
)

// lost is what a server shows for an address that it does not have. It may be
// asked for at any depth, and so is the one page that knows the path of the
// whole book, which the disk has not.
const lost = "404.html"

// whole is the book as one page, for printers: what it weighs, the book weighs.
const whole = "print.html"

// findings are what the gates found on all pages, by gate.
type findings map[string][]string

// with are the findings of both.
func (f findings) with(other findings) {
	for gate, problems := range other {
		f[gate] = append(f[gate], problems...)
	}
}

func (f findings) add(gate, page string, problems []string) {
	for _, problem := range problems {
		f[gate] = append(f[gate], page+" "+problem)
	}
}

// looked is what came of looking at some of the pages.
type looked struct {
	found    findings
	heaviest int64
	err      error
}

// everyPage opens each page twice, and prints what the gates found. The tabs
// share the work.
func (c *check) everyPage(tabs []*browser.Tab, names []string, served, disk string) error {
	// What mdBook shows in the sidebar's place to who runs no scripts is not a
	// page that readers open.
	names = slices.DeleteFunc(names, func(name string) bool { return name == "toc.html" })
	todo, done := make(chan string, len(names)), make(chan looked)
	for _, name := range names {
		todo <- name
	}
	close(todo)
	for _, tab := range tabs {
		go func() { done <- c.somePages(tab, todo, served, disk) }()
	}
	found := findings{}
	var heaviest int64
	var failed error
	for range tabs {
		part := <-done
		found.with(part.found)
		heaviest = max(heaviest, part.heaviest)
		failed = errors.Join(failed, part.err)
	}
	if failed != nil {
		return failed
	}
	count := fmt.Sprintf("%d pages", len(names))
	c.report("nothing asked of other hosts, and no complaint", count+", over HTTP below a path, and from the disk", found["home"])
	c.report("weight", fmt.Sprintf("%s, the heaviest %d of %d bytes", count, heaviest, gates.MostBytes), found["weight"])
	c.report("accessibility by axe-core", fmt.Sprintf("%s in the themes %v, and at the size of a phone", count, gates.Themes), found["axe"])
	c.report("no sideways scrolling on a phone", fmt.Sprintf("%s, %d wide", count, gates.PhoneWidth), found["phone"])
	return nil
}

// somePages opens pages until there are none left.
func (c *check) somePages(tab *browser.Tab, names <-chan string, served, disk string) looked {
	l := looked{found: findings{}}
	for name := range names {
		bytes, err := c.desktop(tab, l.found, served, name)
		if err != nil {
			return looked{err: fmt.Errorf("%s: %w", name, err)}
		}
		l.heaviest = max(l.heaviest, bytes)
		base := disk
		if name == lost {
			base = served
		}
		if err := c.phone(tab, l.found, base, name); err != nil {
			return looked{err: fmt.Errorf("%s on a phone: %w", name, err)}
		}
	}
	return l
}

// desktop opens a page over HTTP, in each theme, and returns what it weighs.
func (c *check) desktop(tab *browser.Tab, found findings, base, name string) (int64, error) {
	if err := tab.Viewport(desktopWidth, desktopHeight, false); err != nil {
		return 0, err
	}
	visit, err := tab.Open(base + name)
	if err != nil {
		return 0, err
	}
	found.add("home", name, gates.Home(visit, base))
	if name != whole {
		found.add("weight", name, gates.Weight(visit))
	}
	for _, theme := range gates.Themes {
		if err := gates.SetTheme(tab, theme); err != nil {
			return 0, err
		}
		problems, err := c.axe.Colours(tab)
		if err != nil {
			return 0, err
		}
		found.add("axe", name+" ("+theme+")", problems)
	}
	problems, err := c.axe.Check(tab)
	if err != nil {
		return 0, err
	}
	found.add("axe", name, problems)
	if name == whole {
		return 0, nil
	}
	return visit.Bytes, nil
}

// phone opens a page at the size of a phone.
func (c *check) phone(tab *browser.Tab, found findings, base, name string) error {
	if err := tab.Viewport(gates.PhoneWidth, gates.PhoneHeight, true); err != nil {
		return err
	}
	visit, err := tab.Open(base + name)
	if err != nil {
		return err
	}
	found.add("home", name+" (phone)", gates.Home(visit, base))
	problems, err := gates.Phone(tab)
	if err != nil {
		return err
	}
	found.add("phone", name, problems)
	if problems, err = c.axe.Check(tab); err != nil {
		return err
	}
	found.add("axe", name+" (phone)", problems)
	return nil
}
