package broken

import (
	"bytes"
	"os"
	"testing"

	"github.com/mmapguard/go/conformance"
)

// TestMutationsApply finds mutations whose text is no longer there, and those
// that name a case which does not exist.
func TestMutationsApply(t *testing.T) {
	library, err := moduleDir(t.Context(), "github.com/mmapguard/go/mmapguard")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, m := range Mutations() {
		dir := t.TempDir()
		if err := copySources(dir, library); err != nil {
			t.Fatal(err)
		}
		if err := m.Apply(dir); err != nil {
			t.Error(err)
		}
		if _, ok := conformance.Find(m.Expect); !ok && (m.Expect != "" || m.Rule == "") {
			t.Errorf("%s expects %q, and there is no such case", m.Name, m.Expect)
		}
		if names[m.Name] || m.Name == "" || m.Breaks == "" {
			t.Errorf("mutation %q is there twice, or says nothing", m.Name)
		}
		names[m.Name] = true
	}
	if len(names) < 25 {
		t.Errorf("%d mutations, want 25 or more", len(names))
	}
}

// TestApplyRefusesWhatIsNotThere proves that a stale mutation is noticed.
func TestApplyRefusesWhatIsNotThere(t *testing.T) {
	library, err := moduleDir(t.Context(), "github.com/mmapguard/go/mmapguard")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := copySources(dir, library); err != nil {
		t.Fatal(err)
	}
	for _, old := range []string{"no such text", "return"} {
		m := Mutation{Name: "stale", Edits: []Edit{{"lock.go", old, ""}}}
		if m.Apply(dir) == nil {
			t.Errorf("replacing %q, which is not there just once, succeeded", old)
		}
	}
}

// TestEveryBrokenBuildIsCaught builds all of them and runs the suite on each.
func TestEveryBrokenBuildIsCaught(t *testing.T) {
	if os.Getenv("MMAPGUARD_BROKEN") == "" {
		t.Skip("builds the library dozens of times, which just broken does as well: set MMAPGUARD_BROKEN=1")
	}
	outcomes, err := Run(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var table bytes.Buffer
	if err := WriteTable(&table, outcomes); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + table.String())
	for _, o := range Failures(outcomes) {
		t.Errorf("%s was not caught: %s", o.Mutation.Name, o.text())
	}
}
