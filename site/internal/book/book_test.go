package book

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const small = `[{"root": "/repo/site", "config": {"book": {"src": "src"}, "preprocessor": {"mmapguard": {"require-data": true, "command": "x"}}}, "mdbook_version": "0.5.4"},
	{"items": ["Separator", {"PartTitle": "Guide"},
	{"Chapter": {"name": "One", "path": "one.md", "source_path": "one.md", "content": "# One\n\n{{#mmapguard ladder a b}}\n", "number": [1], "parent_names": [],
		"sub_items": [{"Chapter": {"name": "Two", "path": "below/two.md", "source_path": "below/two.md", "content": "{{#mmapguard api}}", "sub_items": []}}]}}],
	"unknown": 12345678901234567890}]`

func parse(t *testing.T, text string) *Book {
	t.Helper()
	b, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func written(t *testing.T, b *Book) string {
	t.Helper()
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestDirectivesAreReplacedInAllChapters(t *testing.T) {
	b := parse(t, small)
	if b.Repository() != "/repo" || !b.Option("require-data") || b.Option("command") || b.Option("nothing") {
		t.Errorf("repository %q, options %v", b.Repository(), b.options)
	}
	err := b.Replace(func(d Directive) (Page, error) {
		return Page{Text: "<" + d.Name + strings.Join(d.Args, ",") + " of " + d.Chapter + ">\n"}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	out := written(t, b)
	for _, want := range []string{`# One\n\n\u003claddera,b of one.md\u003e\n`, `"content":"\u003capi of below/two.md\u003e"`, `"Separator"`, `"unknown":12345678901234567890`} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
}

// What a page brings along comes below its chapter, numbered like the rest.
func TestPagesBringChaptersAlong(t *testing.T) {
	b := parse(t, small)
	err := b.Replace(func(d Directive) (Page, error) {
		if d.Name == "api" {
			return Page{}, nil
		}
		return Page{Source: "docs/doc.md", Below: []Chapter{{Name: "New", Source: "x/y.yaml", Path: "new.md", Text: "# New", Below: []Chapter{{Name: "Newer", Path: "newer.md"}}}}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Items []struct{ Chapter *chapter }
	}
	d := json.NewDecoder(strings.NewReader(strings.NewReplacer(`"Separator"`, `{}`).Replace(written(t, b))))
	if err := d.Decode(&got); err != nil {
		t.Fatal(err)
	}
	one := got.Items[2].Chapter
	if one.SourcePath != "../../docs/doc.md" || len(one.SubItems) != 2 {
		t.Fatalf("chapter %+v", one)
	}
	added := one.SubItems[1].Chapter
	if added.Path != "new.md" || added.Content != "# New" || added.SourcePath != "../../x/y.yaml" || len(added.Number) != 2 || added.Number[1] != 2 {
		t.Errorf("added %+v", added)
	}
	last := added.SubItems[0].Chapter
	if last.SubItems == nil || strings.Join(last.ParentNames, "/") != "One/New" || len(last.Number) != 3 {
		t.Errorf("last %+v", last)
	}
}

// chapter has the fields of mdBook's own (mdbook-core 0.5, book.rs).
type chapter struct {
	Name, Content, Path string
	Number              []int
	SourcePath          string                       `json:"source_path"`
	ParentNames         []string                     `json:"parent_names"`
	SubItems            []struct{ Chapter *chapter } `json:"sub_items"`
}

func TestDirectivesAreListed(t *testing.T) {
	all, err := parse(t, small).Directives()
	if err != nil || len(all) != 2 || all[0].Name != "ladder" || all[1].Chapter != "below/two.md" {
		t.Errorf("%v, %v", all, err)
	}
}

func TestPageThatFailsNamesItsChapterAndLine(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "src", "below", "two.md")
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("# Two\n\n{{#mmapguard api}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	name, err := json.Marshal(dir)
	if err != nil {
		t.Fatal(err)
	}
	b := parse(t, strings.Replace(small, `"/repo/site"`, string(name), 1))
	wrong := errors.New("wrong")
	err = b.Replace(func(d Directive) (Page, error) {
		if d.Name == "api" {
			return Page{}, wrong
		}
		return Page{}, nil
	})
	if !errors.Is(err, wrong) || !strings.HasPrefix(err.Error(), file+":3: {{#mmapguard api}}: ") {
		t.Errorf("error %v", err)
	}
}

func TestDirectiveWithoutANameIsAnError(t *testing.T) {
	b := parse(t, strings.Replace(small, "{{#mmapguard api}}", "{{#mmapguard }}", 1))
	if _, err := b.Directives(); err == nil || !strings.Contains(err.Error(), "two.md: {{#mmapguard }}: which page?") {
		t.Errorf("error %v", err)
	}
}

func TestOnlyLinesOfTheirOwnAreDirectives(t *testing.T) {
	const text = "say `{{#mmapguard api}}` in a chapter\n{{#include x.go}}\n"
	got, err := expand(text, "", func(Directive) (Page, error) { return Page{}, errors.New("called") })
	if err != nil || got != text {
		t.Errorf("%q, %v", got, err)
	}
}

func TestWhatIsNoBookIsAnError(t *testing.T) {
	for _, text := range []string{"", "{}", "[]", `[{"root": 1}, {}]`} {
		if b, err := Read(strings.NewReader(text)); err == nil {
			t.Errorf("%q read as %v", text, b)
		}
	}
	if err := parse(t, `[{"root": "/"}, {"sections": []}]`).Replace(nil); err == nil {
		t.Error("a book without items was taken")
	}
}
