package pages

import (
	"context"
	"strings"
	"testing"
)

// repository is this repository, seen from the package's folder.
var repository = Source{Repository: "../../.."}

// pagesSay lists a sentence or two that a page cannot do without.
var pagesSay = map[string][]string{
	"api":       {"func MapFile(name string, opts ...Option) (*FileData, error)", "### func FileData.View {#FileData.View}", "Example:"},
	"exitcodes": {"  3  bytes vanished while they were read"},
	"imports":   {"mmapguard imports mmapguard/internal/boundary.", "<title"},
	"ladder":    {"| `flock` | `Cooperative` |", "| `sealed-memfd` | `Immutable` |"},
	"sentinels": {"[`ErrLocked`](api.md#ErrLocked)", "[`ErrFault`]"},
}

func TestPagesSay(t *testing.T) {
	for name, wanted := range pagesSay {
		t.Run(name, func(t *testing.T) {
			text, err := repository.Page(context.Background(), name, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range wanted {
				if !strings.Contains(text, want) {
					t.Errorf("no %q in\n%s", want, text)
				}
			}
		})
	}
}

func TestUnknownPageIsAnErrorThatNamesTheOthers(t *testing.T) {
	_, err := repository.Page(context.Background(), "apy", nil)
	if err == nil || !strings.Contains(err.Error(), "api, ") {
		t.Errorf("error %v", err)
	}
}

// The boundary imports nothing of the repository, and nothing but the library
// imports the boundary.
func TestDependenciesPointOneWay(t *testing.T) {
	g := graph{}
	g.add(modulePrefix+"mmapguard", []string{"os", modulePrefix + "mmapguard/internal/boundary"})
	g.add(modulePrefix+"mmapguard/internal/boundary", []string{"unsafe"})
	g.add(modulePrefix+"tools/cmd/mmapguard", []string{modulePrefix + "tools/internal/cli", modulePrefix + "mmapguard"})
	layers := g.layers()
	if len(layers) != 3 || layers[0][0] != "tools" || layers[2][0] != "mmapguard/internal/boundary" {
		t.Errorf("layers %q", layers)
	}
}
