package mutants

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/mmapguard/go/fuzzers/internal/engine"
)

// TestEveryTargetHasTwo counts the mutants of the targets that the workspace has.
func TestEveryTargetHasTwo(t *testing.T) {
	targets, err := engine.Targets(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, m := range All() {
		count[m.Target]++
	}
	for _, target := range targets {
		if count[target.Name] < 2 {
			t.Errorf("%s in %s has %d mutants; add what is missing to mutants.go, at least two", target.Name, target.Package, count[target.Name])
		}
		delete(count, target.Name)
	}
	for name := range count {
		t.Errorf("there are mutants for %s, and there is no such target", name)
	}
}

// TestMutantsApply finds mutants whose text is no longer there.
func TestMutantsApply(t *testing.T) {
	names := map[string]bool{}
	for _, m := range All() {
		dir := t.TempDir()
		for _, e := range m.Edits {
			text, err := os.ReadFile(filepath.Join("..", "..", "..", m.Folder, e.File))
			if err != nil {
				t.Fatal(err)
			}
			copied := filepath.Join(dir, e.File)
			if err := os.MkdirAll(filepath.Dir(copied), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(copied, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.Apply(dir); err != nil {
			t.Error(err)
		}
		if names[m.Name] || m.Name == "" || m.Breaks == "" || m.Target == "" {
			t.Errorf("mutant %q is there twice, or says nothing", m.Name)
		}
		names[m.Name] = true
	}
}
