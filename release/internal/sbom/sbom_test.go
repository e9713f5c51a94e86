package sbom

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mmapguard/go/release/internal/gotool"
)

const root = "../../.."

// tool builds the pinned cyclonedx-gomod, which takes half a minute once.
func tool(t *testing.T) string {
	t.Helper()
	build := exec.Command("go", "-C", filepath.Join(root, "tools", "release", "cyclonedx-gomod"), "tool", "-n", "cyclonedx-gomod")
	build.Env = gotool.Env(gotool.Target{})
	out, err := build.Output()
	if err != nil {
		t.Skipf("cyclonedx-gomod cannot be built here: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// library is the bill of the library as it lies here, with what it is held against.
func library(t *testing.T) (bom *cdx.BOM, linked map[string]gotool.Module, sums map[string]string) {
	t.Helper()
	ctx := context.Background()
	dir := filepath.Join(root, "mmapguard")
	generator := Generator{Tool: tool(t)}
	first, err := generator.Library(ctx, dir)
	if err != nil {
		t.Fatal(err)
	}
	if linked, err = gotool.Linked(ctx, dir, gotool.Target{}, "./..."); err != nil {
		t.Fatal(err)
	}
	if sums, err = Sums(filepath.Join(dir, "go.sum")); err != nil {
		t.Fatal(err)
	}
	return Merge(first), linked, sums
}

func TestTheLibrarysBillIsWhatGoLinks(t *testing.T) {
	bom, linked, sums := library(t)
	if err := Check(bom, linked, sums); err != nil {
		t.Error(err)
	}
	if got := len(*bom.Components); got != 2 {
		t.Errorf("the library has %d dependencies, and not 2", got)
	}
}

// A bill with a tool's dependency in it, without one of its own, or with other
// contents under a known name must not pass.
func TestABillThatIsWrongIsFound(t *testing.T) {
	bom, linked, sums := library(t)
	for name, c := range map[string]struct {
		spoil func(list []cdx.Component) []cdx.Component
		want  string
	}{
		"a dependency of a tool leaks in": {func(list []cdx.Component) []cdx.Component {
			return append(list, cdx.Component{Name: "github.com/goreleaser/goreleaser/v2", Version: "v2.15.0"})
		}, "nothing of it is linked"},
		"a dependency is forgotten": {func(list []cdx.Component) []cdx.Component { return list[1:] }, "not listed"},
		"another version": {func(list []cdx.Component) []cdx.Component {
			list[0].Version = "v0.0.1"
			return list
		}, "listed as v0.0.1"},
		"another digest": {func(list []cdx.Component) []cdx.Component {
			list[0].Hashes = &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: strings.Repeat("0", 64)}}
			return list
		}, "other digests"},
	} {
		t.Run(name, func(t *testing.T) {
			spoiled := *bom
			components := c.spoil(append([]cdx.Component{}, *bom.Components...))
			spoiled.Components = &components
			err := Check(&spoiled, linked, sums)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, and not %q", err, c.want)
			}
		})
	}
}

func TestABillIsTheSameEachTimeAndAsTheSchemaWantsIt(t *testing.T) {
	schema, err := Schema(context.Background(), filepath.Join(root, "release"))
	if err != nil {
		t.Fatal(err)
	}
	var texts [][]byte
	for range 2 {
		bom, _, _ := library(t)
		SetVersion(bom, "v0.1.0")
		text, err := Encode(bom)
		if err != nil {
			t.Fatal(err)
		}
		if err := Valid(schema, text); err != nil {
			t.Error(err)
		}
		texts = append(texts, text)
	}
	if !bytes.Equal(texts[0], texts[1]) {
		t.Error("two bills of one module differ")
	}
	if !bytes.Contains(texts[0], []byte(`"purl": "pkg:golang/github.com/mmapguard/go/mmapguard@v0.1.0"`)) {
		t.Errorf("the library's name has not the version:\n%s", texts[0])
	}
	broken := bytes.Replace(texts[0], []byte(`"type": "library"`), []byte(`"type": "book"`), 1)
	if err := Valid(schema, broken); err == nil {
		t.Error("the schema allows components of the type book")
	}
}

func TestBillsAreMergedWithEveryComponentOnce(t *testing.T) {
	a := bill("a", "x", "y")
	b := bill("b", "y", "z")
	merged := Release("all", "1", []*cdx.BOM{a, b})
	var names []string
	for _, component := range *merged.Components {
		names = append(names, component.BOMRef)
	}
	if got := strings.Join(names, " "); got != "a b x y z" {
		t.Errorf("the components are %s", got)
	}
	for _, dependency := range *merged.Dependencies {
		if dependency.Ref == "release:all@1" && strings.Join(*dependency.Dependencies, " ") == "a b" {
			return
		}
	}
	t.Errorf("the release does not depend on its parts: %+v", *merged.Dependencies)
}

func bill(subject string, refs ...string) *cdx.BOM {
	var components []cdx.Component
	for _, ref := range refs {
		components = append(components, cdx.Component{BOMRef: ref, Name: ref})
	}
	return &cdx.BOM{
		Metadata:     &cdx.Metadata{Component: &cdx.Component{BOMRef: subject, Name: subject}},
		Components:   &components,
		Dependencies: &[]cdx.Dependency{{Ref: subject, Dependencies: &refs}},
	}
}

func TestAVersionGoesBeforeWhatFollowsTheName(t *testing.T) {
	for url, want := range map[string]string{
		"pkg:golang/a/b": "pkg:golang/a/b@v1",
		"pkg:golang/a/b@v0.0.0-1-2?type=module#c": "pkg:golang/a/b@v1?type=module#c",
		"pkg:golang/a/b?type=module":              "pkg:golang/a/b@v1?type=module",
	} {
		if got := versioned(url, "v1"); got != want {
			t.Errorf("%s becomes %s", url, got)
		}
	}
}
