package links

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/mmapguard/go/site/check/internal/book"
)

// check builds a book of files, and checks it.
func check(t *testing.T, files map[string]string) []string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		file := filepath.Join(dir, "book", name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pages, err := book.Read(filepath.Join(dir, "book"))
	if err != nil {
		t.Fatal(err)
	}
	problems, followed := Checker{Dir: filepath.Join(dir, "book"), Repository: dir, Hosted: "https://code.example/us"}.Check(pages)
	if followed == 0 {
		t.Error("no link was followed")
	}
	return problems
}

func TestSoundLinks(t *testing.T) {
	problems := check(t, map[string]string{
		"index.html": `<a href="#here"></a><p id="here"><a href="sub/two.html#there"></a><a href="https://other.example/x#y"></a>` +
			`<a href="https://code.example/us/blob/main/book/index.html#L1"></a><a href="https://code.example/us"></a>` +
			`<link href="style.css" rel="stylesheet"><a href="mailto:us@code.example"></a><img src="data:,x" alt="">` +
			`<svg><a href="sub/two.html"><text>two</text></a></svg>`,
		"sub/two.html": `<h1 id="there"></h1><a href="../index.html?highlight=x"></a>`,
		"style.css":    ``,
	})
	if len(problems) != 0 {
		t.Errorf("%q", problems)
	}
}

func TestEachPlantedFaultIsFound(t *testing.T) {
	for name, fault := range map[string]struct{ link, want string }{
		"a page that is not there":        {`<a href="gone.html"></a>`, "no such page"},
		"an anchor that is not there":     {`<a href="sub/two.html#gone"></a>`, "sub/two.html has nothing"},
		"an anchor on the page itself":    {`<a href="#gone"></a>`, "index.html has nothing"},
		"a link inside a picture":         {`<svg><a href="gone.html"></a></svg>`, "no such page"},
		"a script that is not there":      {`<script src="gone.js"></script>`, "no such page or file"},
		"a path from the root":            {`<a href="/sub/two.html"></a>`, "leads out of the book"},
		"a path above the root":           {`<a href="../x.html"></a>`, "leads out of the book"},
		"a folder":                        {`<a href="sub/"></a>`, "a folder"},
		"a link without encryption":       {`<a href="http://other.example/"></a>`, "want https"},
		"a link to nowhere":               {`<a href="https://localhost/"></a>`, "want https and a host"},
		"a file that the repository lost": {`<a href="https://code.example/us/edit/main/gone.md"></a>`, "no file gone.md"},
	} {
		t.Run(name, func(t *testing.T) {
			problems := check(t, map[string]string{"index.html": fault.link, "sub/two.html": `<a href="two.html"></a>`})
			if len(problems) != 1 || !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, fault.want) }) {
				t.Errorf("%q, want one with %q", problems, fault.want)
			}
		})
	}
}

func TestFolderWithoutBook(t *testing.T) {
	if pages, err := book.Read(t.TempDir()); err == nil {
		t.Errorf("an empty folder is a book of %v", pages)
	}
}
