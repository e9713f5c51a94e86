package main

import (
	"fmt"

	"github.com/mmapguard/go/site/check/internal/browser"
	"github.com/mmapguard/go/site/check/internal/gates"
)

// front is the page that readers open first.
const front = "index.html"

// start is the page with the first commands to copy.
const start = "getting-started.html"

// word is what readers search for who come because a program of theirs died.
const word = "SIGBUS"

// tabs is how often the Tab key is pressed: through the menu and the sidebar
// into the text.
const tabs = 60

// readers does what readers do, in a book at a base address.
func (c *check) readers(tab *browser.Tab, place, base string) error {
	if err := tab.Viewport(desktopWidth, desktopHeight, false); err != nil {
		return err
	}
	for _, gate := range []struct {
		name, page string
		do         func() ([]string, error)
	}{
		{"the arrow keys turn pages", front, func() ([]string, error) { return turn(tab, base) }},
		{"keys of the help", front, func() ([]string, error) { return gates.Shortcuts(tab) }},
		{fmt.Sprintf("the focus is seen, %d times Tab", tabs), front, func() ([]string, error) { return gates.Focus(tab, tabs) }},
		{"the menu offers the checked themes", front, func() ([]string, error) { return gates.Offered(tab) }},
		{"code has a button that copies it", start, func() ([]string, error) { return gates.Copies(tab) }},
		{"search for " + word + " by keyboard", front, func() ([]string, error) { return gates.Search(tab, word, false) }},
		{"search for " + word + " by mouse", front, func() ([]string, error) { return gates.Search(tab, word, true) }},
		{"accessibility of the open search by axe-core", front, func() ([]string, error) { return c.openSearch(tab) }},
		{"from the front page to a verdict, its evidence and its mutant", front, func() ([]string, error) { return gates.Walk(tab, verdict) }},
	} {
		if _, err := tab.Open(base + gate.page); err != nil {
			return err
		}
		problems, err := gate.do()
		if err != nil {
			return fmt.Errorf("%s: %w", gate.name, err)
		}
		c.report(gate.name, place, problems)
	}
	return nil
}

// chapters are the pages in the sidebar, which also has the open page's headings.
const chapters = `[...document.querySelectorAll('#mdbook-sidebar a[href]')]
	.map(a => a.getAttribute('href')).filter(name => !name.includes('#'))`

// turn turns from the first chapter of the sidebar to the second.
func turn(tab *browser.Tab, base string) ([]string, error) {
	names, err := browser.Eval[[]string](tab, chapters)
	if err != nil {
		return nil, err
	}
	if len(names) < 2 {
		return []string{"the sidebar has no chapters"}, nil
	}
	return gates.Turn(tab, base, names[0], names[1])
}

// openSearch searches, and looks at the results in each theme.
func (c *check) openSearch(tab *browser.Tab) ([]string, error) {
	problems, err := gates.Find(tab, word)
	if err != nil {
		return nil, err
	}
	for _, theme := range gates.Themes {
		if err := gates.SetTheme(tab, theme); err != nil {
			return nil, err
		}
		more, err := c.axe.Check(tab)
		if err != nil {
			return nil, err
		}
		problems = append(problems, more...)
	}
	return problems, nil
}
