package gates

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mmapguard/go/site/check/internal/browser"
	"github.com/mmapguard/go/site/check/internal/serve"
)

const script = "../../../../.cache/book-tools/node_modules/axe-core/axe.min.js"

// look puts pages into a book, opens one of them in a browser of the given
// width, and looks.
type look func(_ *testing.T, _ *browser.Tab, visit browser.Visit, base string) ([]string, error)

// planted is one page with one fault, or with none.
type planted struct {
	name, page string
	want       string // part of a problem; none if it is empty
}

// room makes a folder for a book, and serves it.
func room(t *testing.T) (dir, base string) {
	t.Helper()
	dir = t.TempDir()
	server, err := serve.Folder(t.Context(), dir, "/go/")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return dir, server.Base
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// start starts a browser, or skips the test.
func start(t *testing.T) *browser.Tab {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser: not with -short")
	}
	tab, err := browser.Start(t.Context())
	if errors.Is(err, browser.ErrNone) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tab.Close)
	tab.Attempts = 40 // most of what is waited for here is not to come
	return tab
}

// find holds a gate to planted pages.
func find(t *testing.T, width int64, gate look, pages []planted) {
	t.Helper()
	tab := start(t)
	dir, base := room(t)
	write(t, dir, "second.html", head+"<main>second <p>SIGBUS</p></main>")
	write(t, dir, "other.html", head+"<main>other</main>")
	if err := tab.Viewport(width, PhoneHeight, width == PhoneWidth); err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		t.Run(p.name, func(t *testing.T) {
			write(t, dir, "page.html", head+p.page)
			visit, err := tab.Open(base + "page.html")
			if err != nil {
				t.Fatal(err)
			}
			problems, err := gate(t, tab, visit, base)
			if err != nil {
				t.Fatal(err)
			}
			all := strings.Join(problems, "\n")
			if p.want == "" && all != "" || !strings.Contains(all, p.want) {
				t.Errorf("found %q, want %q", all, p.want)
			}
		})
	}
}

// head is the beginning of a page without faults.
const head = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>planted</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<body style="background: #fff; color: #000">`

func TestHome(t *testing.T) {
	find(t, 1280, func(_ *testing.T, _ *browser.Tab, visit browser.Visit, base string) ([]string, error) {
		return Home(visit, base), nil
	}, []planted{
		{"sound", `<img alt="" src="data:,"><a href="https://other.example/">a link asks for nothing</a>`, ""},
		{"another host", `<img alt="" src="https://other.invalid/x.png">`, "asks for https://other.invalid/x.png"},
		{"above the path", `<img alt="" src="/x.png">`, "/x.png, outside the book"},
		{"a file that is not there", `<img alt="" src="x.png">`, "404"},
		{"a script with an error", `<script>throw new Error('planted')</script>`, "planted"},
		{"a script that asks", `<script>fetch('https://other.invalid/y').catch(() => {})</script>`, "asks for https://other.invalid/y"},
	})
}

func TestWeight(t *testing.T) {
	find(t, 1280, func(_ *testing.T, _ *browser.Tab, visit browser.Visit, _ string) ([]string, error) {
		return Weight(visit), nil
	}, []planted{
		{"light", `<a href="second.html">x</a>`, ""},
		{"heavy by itself", strings.Repeat("<p>0123456789</p>", MostBytes/17+1), "more than 500000"},
	})
	if got := Weight(browser.Visit{}); len(got) != 1 {
		t.Errorf("a page that was not measured: %q", got)
	}
}

func TestAxe(t *testing.T) {
	axe, err := LoadAxe(script)
	if errors.Is(err, os.ErrNotExist) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	find(t, 1280, func(_ *testing.T, tab *browser.Tab, _ browser.Visit, _ string) ([]string, error) {
		colours, err := axe.Colours(tab)
		if err != nil {
			return nil, err
		}
		all, err := axe.Check(tab)
		if len(all) < len(colours) {
			all = append(all, "fewer problems than those of colours alone")
		}
		return all, err
	}, []planted{
		{"sound", `<main><h1>Sound</h1><p>text</p></main>`, ""},
		{"a picture without words", `<main><h1>x</h1><img src="data:,"></main>`, "image-alt"},
		{"grey on white", `<main><h1>x</h1><p style="color: #bbb">hard to read</p></main>`, "color-contrast"},
		{"a button without a name", `<main><h1>x</h1><button></button></main>`, "button-name"},
		{"a heading too deep", `<main><h1>x</h1><h4>y</h4></main>`, "heading-order"},
	})
}

func TestPhone(t *testing.T) {
	find(t, PhoneWidth, func(_ *testing.T, tab *browser.Tab, _ browser.Visit, _ string) ([]string, error) {
		return Phone(tab)
	}, []planted{
		{"narrow", `<main><p>text</p><div class="table-wrapper" style="overflow-x: auto"><div style="width: 900px">scrolls in itself</div></div></main>`, ""},
		{"wide", `<main><div style="width: 900px">wide</div></main>`, "wide"},
		{"wide and cut off", `<main style="overflow-x: hidden"><div style="width: 900px">wide</div></main>`, "main is 900 wide"},
		{"wide and scrolling as a whole", `<div id="mdbook-content" style="overflow-x: auto"><div style="width: 900px">wide</div></div>`, "#mdbook-content is 900 wide"},
	})
}
