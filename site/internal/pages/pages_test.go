package pages

import (
	"encoding/xml"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/mmapguard/go/site/internal/book"
)

// here is this repository, seen from the package's folder, without measurements.
func here(t *testing.T) *Source {
	t.Helper()
	return &Source{Repository: "../../..", Data: t.TempDir()}
}

func page(t *testing.T, s *Source, name string, args ...string) string {
	t.Helper()
	made, err := s.Page(t.Context(), book.Directive{Name: name, Args: args, Chapter: "chapter.md"})
	if err != nil {
		t.Fatal(err)
	}
	return made.Text
}

// pagesSay lists a sentence or two that a page cannot do without.
var pagesSay = map[string][]string{
	"api":                                 {"func MapFile(name string, opts ...Option) (*FileData, error)", "### func FileData.View {#FileData.View}", "Example:"},
	"bench":                               {"**Not measured for this build of the book.** `just docs-data`"},
	"bench-ladder":                        {"**Not measured for this build of the book.**"},
	"bench-trace":                         {"**Not measured for this build of the book.**"},
	"exitcodes":                           {"| 3 | bytes vanished while they were read: the file was truncated, or its storage failed |", "| 141 |"},
	"help mmapguard":                      {"Exit codes:", "## mmapguard doctor", "--max-size SIZE"},
	"help guardtrace":                     {"## guardtrace check", "--rules FILE"},
	"help assure":                         {"## assure explain", "--verdicts strings"},
	"imports":                             {"mmapguard imports mmapguard/internal/boundary.", "<title", "Left out, because nothing but their tests imports another part: conformance/lab, "},
	"ladder":                              {"| `flock` | `Cooperative` |", "| `sealed-memfd` | `Immutable` |"},
	"matrix":                              {"**Not measured for this build of the book.** `just matrix`"},
	"peers":                               {"| truncate | fine | SIGBUS |", "\n## truncate\n"},
	"part conformance/profile/profile.md": {"| `memfd_create` |"},
	"rules":                               {"| `secured-before-map` | SR-5 | Before a map the file was opened"},
	"reasons":                             {"**Not measured for this build of the book.**"},
	"rungs":                               {"**Not measured for this build of the book.**"},
	"sentinels":                           {"[`ErrLocked`](api.md#ErrLocked)", "[`ErrFault`]"},
	"steps":                               {"<desc id=\"steps-text\">Cooperative by flock. Enforced by lease"},
	"document SECURITY.md":                {"# Security\n", "[docs/verify.md](https://github.com/mmapguard/go/blob/main/docs/verify.md)"},
}

func TestPagesSay(t *testing.T) {
	for words, wanted := range pagesSay {
		t.Run(words, func(t *testing.T) {
			fields := strings.Fields(words)
			text := page(t, here(t), fields[0], fields[1:]...)
			for _, want := range wanted {
				if !strings.Contains(text, want) {
					t.Errorf("no %q in\n%s", want, text)
				}
			}
		})
	}
}

func TestPagesThatCannotBeMadeAreErrors(t *testing.T) {
	for words, want := range map[string]string{
		"apy":                          "api, ",
		"help":                         "one argument",
		"help ls":                      `no command "ls"`,
		"document docs/none.md":        "docs/none.md",
		"document docs/a.md docs/b.md": "one argument",
		"part SECURITY.md":             "a chapter of its own",
	} {
		fields := strings.Fields(words)
		_, err := here(t).Page(t.Context(), book.Directive{Name: fields[0], Args: fields[1:]})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v", words, err)
		}
	}
}

// A book that is to be published is not made without its measurements.
func TestMissingDataIsAnErrorWhereItIsRequired(t *testing.T) {
	s := here(t)
	s.RequireData = true
	for _, name := range []string{"matrix", "rungs", "reasons", "bench", "bench-ladder", "bench-trace"} {
		if _, err := s.Page(t.Context(), book.Directive{Name: name}); !errors.Is(err, ErrNoData) || !strings.Contains(err.Error(), "just ") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

var picture = regexp.MustCompile(`(?s)<svg .*?</svg>`)

// Pictures are well-formed, have the colour of text, and are told in words; no
// empty line ends them in the middle.
func TestPicturesAreAccessible(t *testing.T) {
	s := here(t)
	s.Data = "testdata"
	for _, name := range []string{"imports", "steps", "bench"} {
		pictures := picture.FindAllString(page(t, s, name), -1)
		if len(pictures) == 0 {
			t.Errorf("%s has no picture", name)
		}
		for _, svg := range pictures {
			var root struct {
				Labelled string `xml:"aria-labelledby,attr"`
				Title    struct {
					ID   string `xml:"id,attr"`
					Text string `xml:",chardata"`
				} `xml:"title"`
				Desc struct {
					ID   string `xml:"id,attr"`
					Text string `xml:",chardata"`
				} `xml:"desc"`
			}
			if err := xml.Unmarshal([]byte(svg), &root); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if root.Labelled != root.Title.ID+" "+root.Desc.ID || len(root.Title.Text) < 10 || len(root.Desc.Text) < 20 {
				t.Errorf("%s: labelled %q, title %+v, desc %+v", name, root.Labelled, root.Title, root.Desc)
			}
			for _, words := range regexp.MustCompile(`<text [^>]*>`).FindAllString(svg, -1) {
				if !strings.Contains(words, `fill="currentColor"`) {
					t.Errorf("%s: %s has a colour of its own", name, words)
				}
			}
			if strings.Contains(svg, "\n\n") || strings.Contains(svg, "<style") {
				t.Errorf("%s is not part of a page:\n%s", name, svg)
			}
		}
	}
}

// The boundary imports nothing of the repository, and nothing but the library
// imports the boundary.
func TestDependenciesPointOneWay(t *testing.T) {
	g := graph{}
	g.add(modulePrefix+"mmapguard", []string{"os", modulePrefix + "mmapguard/internal/boundary"})
	g.add(modulePrefix+"mmapguard/internal/boundary", []string{"unsafe"})
	g.add(modulePrefix+"tools/cmd/mmapguard", []string{modulePrefix + "tools/internal/cli", modulePrefix + "mmapguard"})
	g.add(modulePrefix+"conformance/lab", []string{"os"})
	if alone := g.alone(); len(alone) != 1 || alone[0] != "conformance/lab" {
		t.Errorf("alone %q", alone)
	}
	delete(g, "conformance/lab")
	layers := g.layers()
	if len(layers) != 3 || layers[0][0] != "tools" || layers[2][0] != "mmapguard/internal/boundary" {
		t.Errorf("layers %q", layers)
	}
}

// The code of doc comments is highlighted if it is Go.
func TestCodeOfCommentsNamesItsLanguage(t *testing.T) {
	for code, want := range map[string]string{
		"d, err := mmapguard.MapFile(name)\nif err != nil {\n\treturn err\n}\n": "go",
		"I need     ask for\nno crash   Cooperative\n":                          "text",
	} {
		var out strings.Builder
		fenced(&out, code)
		if got := out.String(); got != "```"+want+"\n"+code+"```\n\n" {
			t.Errorf("%q", got)
		}
	}
}
