package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mmapguard/go/site/internal/pages"
)

func TestRenderersThatShowThePages(t *testing.T) {
	for renderer, want := range map[string]error{"html": nil, "markdown": nil, "epub": errNotSupported, "": errNotSupported} {
		if err := run(t.Context(), []string{"supports", renderer}, nil, nil); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", renderer, err, want)
		}
	}
}

// captured is what mdBook 0.5.4 gave to its preprocessor for a small book, which
// is here that of this repository.
func captured(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "mdbook-0.5.4.json"))
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	name, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Replace(string(text), `"ROOT"`, string(name), 1)
}

// item is an entry of the book as mdBook reads it.
type item struct {
	Chapter *struct {
		Name       string
		Content    string
		Path       *string
		SourcePath *string `json:"source_path"`
		Number     []int
		SubItems   []item `json:"sub_items"`
	}
}

func TestBookOfMdBookGoesThrough(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), nil, strings.NewReader(captured(t)), &out); err != nil {
		t.Fatal(err)
	}
	var written struct{ Items []json.RawMessage }
	if err := json.Unmarshal(out.Bytes(), &written); err != nil {
		t.Fatal(err)
	}
	chapters := map[string]item{}
	names := make([]string, len(written.Items))
	for i, raw := range written.Items {
		var it item
		if err := json.Unmarshal(raw, &it); err == nil && it.Chapter != nil {
			chapters[it.Chapter.Name], names[i] = it, it.Chapter.Name
			continue
		}
		names[i] = string(raw)
	}
	if got := strings.Join(names, " "); got != `First {"PartTitle":"Part"} One Draft "Separator" Last` {
		t.Errorf("the book is %s", got)
	}
	two := chapters["One"].Chapter.SubItems[0].Chapter
	if !strings.HasPrefix(two.Content, "# Security\n") || *two.SourcePath != "../../SECURITY.md" || *two.Path != "below/two.md" {
		t.Errorf("the document became %+v", two)
	}
	last := chapters["Last"].Chapter
	if !strings.Contains(last.Content, "](sr-6.md)") || len(last.SubItems) < 10 {
		t.Fatalf("the case became %d pages below %s", len(last.SubItems), last.Content)
	}
	frameworks := last.SubItems[len(last.SubItems)-1].Chapter
	if *frameworks.Path != "frameworks.md" || len(frameworks.SubItems) < 8 || *frameworks.SubItems[0].Chapter.SourcePath == "" {
		t.Errorf("the frameworks are %+v", frameworks)
	}
}

// What cannot be made is told with the file and the line, and nothing is
// written.
func TestPageThatCannotBeMadeFailsTheBuild(t *testing.T) {
	text := strings.Replace(captured(t), "{{#mmapguard ladder}}", "{{#mmapguard lader}}", 1)
	var out bytes.Buffer
	err := run(t.Context(), nil, strings.NewReader(text), &out)
	if err == nil || !strings.Contains(err.Error(), "first.md") || !strings.Contains(err.Error(), `there is no page "lader"`) || out.Len() > 0 {
		t.Errorf("error %v, written %q", err, out.String())
	}
}

// The flag, and the option which mdBook also takes from the environment.
func TestPublishedBookHasItsData(t *testing.T) {
	matrix := strings.Replace(captured(t), "{{#mmapguard ladder}}", "{{#mmapguard matrix}}", 1)
	matrix = strings.Replace(matrix, "/site\"", "/site/cmd\"", 1) // whose .cache nobody fills
	option := strings.Replace(matrix, `"mmapguard": {`, `"mmapguard": {"require-data": true, `, 1)
	for text, args := range map[string][]string{matrix: {"--require-data"}, option: nil} {
		if err := run(t.Context(), args, strings.NewReader(text), &bytes.Buffer{}); !errors.Is(err, pages.ErrNoData) {
			t.Errorf("error %v", err)
		}
	}
}
