package book

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

const small = `[{"root": "/repo/site", "mdbook_version": "0.5.4"}, {"items": ["Separator", {"PartTitle": "Guide"},
	{"Chapter": {"name": "One", "source_path": "one.md", "content": "# One\n\n{{#mmapguard ladder a b}}\n", "number": [1],
		"sub_items": [{"Chapter": {"name": "Two", "source_path": "two.md", "content": "{{#mmapguard api}}", "sub_items": []}}]}}],
	"unknown": 12345678901234567890}]`

func TestDirectivesAreReplacedInAllChapters(t *testing.T) {
	b, err := Read(strings.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	if b.Repository() != "/repo" {
		t.Errorf("repository %q", b.Repository())
	}
	err = b.Replace(func(d Directive) (string, error) { return "<" + d.Name + strings.Join(d.Args, ",") + ">\n", nil })
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`# One\n\n\u003claddera,b\u003e\n`, `"content":"\u003capi\u003e"`, `"Separator"`, `"unknown":12345678901234567890`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in %s", want, out.String())
		}
	}
}

func TestPageThatFailsNamesItsChapter(t *testing.T) {
	b, err := Read(strings.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	wrong := errors.New("wrong")
	err = b.Replace(func(d Directive) (string, error) {
		if d.Name == "api" {
			return "", wrong
		}
		return "", nil
	})
	if !errors.Is(err, wrong) || !strings.Contains(err.Error(), "two.md") {
		t.Errorf("error %v", err)
	}
}

func TestOnlyLinesOfTheirOwnAreDirectives(t *testing.T) {
	const text = "say `{{#mmapguard api}}` in a chapter\n{{#include x.go}}\n"
	got, err := Expand(text, func(Directive) (string, error) { return "", errors.New("called") })
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
	b, err := Read(strings.NewReader(`[{"root": "/"}, {"sections": []}]`))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Replace(nil); err == nil {
		t.Error("a book without items was taken")
	}
}
