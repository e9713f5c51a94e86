package mutants

import (
	"os"
	"path/filepath"
	"testing"
)

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
