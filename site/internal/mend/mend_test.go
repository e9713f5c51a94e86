package mend

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// As mdBook 0.5 writes them.
const (
	page = `<meta charset="UTF-8"><title>x</title><iframe class="sidebar-iframe-outer" src="toc.html"></iframe>` +
		`<a href="e" title="Suggest an edit" aria-label="Suggest an edit" rel="edit">e</a><a rel="next prefetch" href="n">n</a>`
	contents = "<meta charset=\"UTF-8\">\n  <meta name=\"robots\" content=\"noindex\">\n  <!-- Custom HTML head -->\n\n  <meta name=\"viewport\" content=\"x\">" +
		`<li class="chapter-item expanded "><li class="part-title">Guide</li></li><li class="chapter-item expanded ">x</li>`
)

func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestEachPlaceIsMended(t *testing.T) {
	dir := write(t, map[string]string{"page.html": page, "toc.html": contents, "searcher.js": page})
	if err := Folder(dir); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"page.html": `<meta charset="UTF-8"><title>x</title><iframe title="Table of contents" class="sidebar-iframe-outer" src="toc.html"></iframe>` +
			`<a href="e" title="Suggest an edit" aria-label="Suggest an edit">e</a><a rel="next" href="n">n</a>`,
		"toc.html": "<meta charset=\"UTF-8\"><title>Table of contents</title>\n  <meta name=\"robots\" content=\"noindex\">\n  <!-- Custom HTML head -->\n\n  <meta name=\"viewport\" content=\"x\">" +
			`<li class="part-title">Guide</li><li class="chapter-item expanded ">x</li>`,
		"searcher.js": page,
	} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s is %s (%v), want %s", name, got, err, want)
		}
	}
}

func TestPlaceThatIsGoneIsAnError(t *testing.T) {
	for _, old := range []string{"<iframe", ` rel="edit"`, "next prefetch", `"noindex"`, "part-title"} {
		files := map[string]string{"page.html": strings.ReplaceAll(page, old, "new"), "toc.html": strings.ReplaceAll(contents, old, "new")}
		if err := Folder(write(t, files)); err == nil || strings.Count(err.Error(), "nothing to mend") != 1 {
			t.Errorf("without %s: %v", old, err)
		}
	}
}
