package verify

import (
	"strings"
	"testing"

	"github.com/mmapguard/go/tools/internal/assure/check"
	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/repo"
)

// claim is the verdict on one countermeasure of this repository's own case.
func claim(t *testing.T, tree *repo.Tree, id string) CountermeasureVerdict {
	t.Helper()
	v := run(t, tree, Options{Claims: []string{id}})
	if len(v.Countermeasures) != 1 || v.Countermeasures[0].ID != id {
		t.Fatalf("got %+v, want the verdict on %s", v.Countermeasures, id)
	}
	return v.Countermeasures[0]
}

// changed is this repository with a text replaced.
func changed(t *testing.T, file, from, to string) *repo.Tree {
	t.Helper()
	tree, err := repo.Open(".")
	if err != nil {
		t.Fatal(err)
	}
	text, err := tree.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if from != to && strings.Count(string(text), from) != 1 {
		t.Fatalf("%s does not hold %q just once: adapt this test", file, from)
	}
	return tree.With(file, []byte(strings.Replace(string(text), from, to, 1)))
}

// TestSkippingACitedTest: the library is as it was, its test says nothing.
func TestSkippingACitedTest(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the library's tests, which is not short")
	}
	tree := changed(t, "mmapguard/lock_test.go", "func TestLockIsShared(t *testing.T) {\n", "func TestLockIsShared(t *testing.T) {\n	t.Skip(\"later\")\n")
	v := claim(t, tree, "CM-lock-shared")
	if problems := strings.Join(v.Problems, "\n"); v.State != Unsupported ||
		!strings.Contains(problems, "test:mmapguard.TestLockIsShared is skipped") || !strings.Contains(problems, "a skipped test is no evidence: make it run") {
		t.Errorf("%s: %s", v.State, problems)
	}
}

// TestRemovingTheLock takes the lock call out of the library: its evidence
// fails, and its mutant has nothing left to take away.
func TestRemovingTheLock(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the library's tests, which is not short")
	}
	s, _, err := check.Read(changed(t, "mmapguard/lock.go", "", ""), theDay)
	if err != nil {
		t.Fatal(err)
	}
	unlocked, err := s.Mutants["no-lock"].Apply(s.Tree)
	if err != nil {
		t.Fatal(err)
	}
	v := claim(t, unlocked, "CM-lock")
	problems := strings.Join(v.Problems, "\n")
	for _, want := range []string{
		"case:SR-6/lock-held-until-unmap fails: ", "mend the library",
		"vacuous evidence: mutant no-lock no longer applies",
	} {
		if v.State != Unsupported || !strings.Contains(problems, want) {
			t.Errorf("%s, and not told %q, but:\n%s", v.State, want, problems)
		}
	}
}

// TestSelect finds countermeasures by whatever a reader may start from.
func TestSelect(t *testing.T) {
	s, _, err := check.Read(changed(t, "go.work", "", ""), theDay)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"G-0", "SR-6", "G-6", "AV-2", "CM-lock", "no-lock", "case:SR-6/lock-held-until-unmap", "SS-4", "TB-2", "UNSAFE-1", "cwe-top-25/CWE-416"} {
		found, err := Select(s.Case, []string{id})
		switch {
		case id == "SS-4": // a principle that rests on files alone
			if err == nil {
				t.Errorf("%s leads to %d countermeasures, want none", id, len(found))
			}
		case err != nil || len(found) == 0:
			t.Errorf("%s leads to nothing: %v", id, err)
		}
	}
	all, err := Select(s.Case, []string{"G-0"})
	if err != nil || len(all) != len(s.Case.Countermeasures) {
		t.Errorf("G-0 leads to %d of %d countermeasures: %v", len(all), len(s.Case.Countermeasures), err)
	}
	if len(all) < 40 {
		t.Errorf("%d countermeasures, want 40 or more", len(all))
	}
	var mutants int
	s.Case.Walk(func(d model.Defined) {
		if d.Is == "Mutant" {
			mutants++
		}
	}, func(model.Used) {})
	if len(s.Mutants) <= mutants {
		t.Errorf("%d mutants, %d of them the case's own: those of conformance/broken are missing", len(s.Mutants), mutants)
	}
}
