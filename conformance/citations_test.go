package conformance

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	citation = regexp.MustCompile(`\b(?:SR|AV|TRAP)-\d+/[a-z0-9-]+`)
	// citing are the kinds of files in which cases are cited.
	citing = []string{".md", ".json", ".yaml", ".yml", ".toml", ".html", ".go", ".txt"}
	// notSource are folders of what was fetched or made, of other versions perhaps.
	notSource = []string{".git", ".cache", "node_modules"}
)

// TestCitations finds citations of cases that do not exist, in the assurance
// case, the site and every other text of the repository.
func TestCitations(t *testing.T) {
	for path, ids := range citations(t, "..") {
		for _, id := range ids {
			if _, ok := Find(id); !ok {
				t.Errorf("%s cites %s, and there is no such case", path, id)
			}
		}
	}
}

// TestEveryCaseIsCited finds cases that the assurance case forgot.
func TestEveryCaseIsCited(t *testing.T) {
	const dir = "../assurance-case"
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no assurance case to read: %v", err)
	}
	cited := map[string]bool{}
	for _, ids := range citations(t, dir) {
		for _, id := range ids {
			cited[id] = true
		}
	}
	if len(cited) == 0 {
		t.Skip("the assurance case cites no conformance case yet")
	}
	for _, c := range Catalog() {
		if !cited[c.ID] {
			t.Errorf("%s is cited nowhere in the assurance case", c.ID)
		}
	}
}

// TestCitationsAreFound proves that the search finds what it looks for.
func TestCitationsAreFound(t *testing.T) {
	dir := t.TempDir()
	text := "evidence: [SR-1/no-such-case, \"AV-2/truncate-while-mapped\"] TRAP-3/destination-after-fault."
	if err := os.WriteFile(filepath.Join(dir, "claims.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	want := []string{"SR-1/no-such-case", "AV-2/truncate-while-mapped", "TRAP-3/destination-after-fault"}
	for _, got := range citations(t, dir) {
		if !slices.Equal(got, want) {
			t.Errorf("found %q, want %q", got, want)
		}
	}
}

func citations(t *testing.T, root string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains(notSource, entry.Name()):
			return filepath.SkipDir
		// The tests of this package cite cases that do not exist on purpose.
		case entry.IsDir() || !slices.Contains(citing, filepath.Ext(path)) || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if ids := citation.FindAllString(string(text), -1); ids != nil {
			found[path] = ids
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
