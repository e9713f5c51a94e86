package check

import (
	"strings"
	"testing"
	"time"

	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/repo"
)

// theDay is one on which no residual risk of the case has expired.
var theDay = time.Date(2026, time.December, 1, 0, 0, 0, 0, time.UTC)

func tree(t *testing.T) *repo.Tree {
	t.Helper()
	tree, err := repo.Open(".")
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// problems are those that the rules find in a tree, one to a line.
func problems(t *testing.T, tree *repo.Tree, today time.Time, rules ...string) string {
	t.Helper()
	s, found, err := Read(tree, today)
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		if found, err = s.Run(t.Context(), rules...); err != nil {
			t.Fatal(err)
		}
	}
	var lines []string
	for _, p := range found {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

// replaced is the tree with a text replaced, which has to be there.
func replaced(t *testing.T, tree *repo.Tree, file, from, to string) *repo.Tree {
	t.Helper()
	text, err := tree.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), from) {
		t.Fatalf("%s does not hold %q any more: adapt this test", file, from)
	}
	return tree.With(file, []byte(strings.Replace(string(text), from, to, 1)))
}

func TestTheCaseHolds(t *testing.T) {
	if found := problems(t, tree(t), theDay); found != "" {
		t.Errorf("the case of this repository does not hold:\n%s", found)
	}
}

const (
	lockCase = model.Dir + "/countermeasures/sr-6-lock.yaml"
	argues   = model.Dir + "/argument.yaml"
	risksAt  = model.Dir + "/risks.yaml"
)

// TestWhatTurnsTheBuildRed, of which TestTheCaseHolds is the other half, makes each mistake that the case is there to notice,
// in a copy of the files concerned, and wants to be told what to do.
func TestWhatTurnsTheBuildRed(t *testing.T) {
	t.Parallel()
	day := func(s string) time.Time { d, _ := time.Parse(time.DateOnly, s); return d }
	for _, tt := range []struct {
		name           string
		file, old, new string
		today          time.Time
		rule           string
		want           []string
	}{
		{"deleting a cited test", "mmapguard/lock_test.go", "func TestLockIsShared(", "func testLockIsShared(", theDay, "references",
			[]string{lockCase + ":", "CM-lock-shared cites test:mmapguard.TestLockIsShared, and there is no such test: restore it"}},
		{"emptying an evidence list", lockCase, `["case:SR-6/locks-are-shared", "test:mmapguard.TestLockIsShared"]`, "[]", theDay, "",
			[]string{lockCase + ":", `"evidence" is empty: fill it in`}},
		{"a blank for evidence", lockCase, `["case:SR-6/locks-are-shared", "test:mmapguard.TestLockIsShared"]`, "", theDay, "",
			[]string{lockCase + ":", `"evidence" is empty`}},
		{"adding an unsafe expression", "mmapguard/internal/boundary/boundary.go", "func (r Region) Len() int { return r.size }", "func (r Region) Len() int {\n	_ = unsafe.Sizeof(r)\n	return r.size\n}", theDay, "unsafe",
			[]string{"unsafe.Sizeof(r) has no // SAFETY: comment", "unsafe expression unsafe.Sizeof(r) in Region.Len of mmapguard/internal/boundary/boundary.go has no entry in " + register("unsafe") + ": add one"}},
		{"removing an unsafe expression", "mmapguard/internal/boundary/verity_linux.go", "unsafe.Pointer(&d)", "0", theDay, "unsafe",
			[]string{"the register has the unsafe expression unsafe.Pointer(&d)", "remove the entry"}},
		{"letting a residual risk expire", risksAt, "", "", day("2027-07-02"), "risks",
			[]string{risksAt + ":", "RR-advisory-lock was accepted until 2027-06-30: review it"}},
		{"accepting a risk for ever", risksAt, `expires: "2027-06-30"`, `expires: "2036-06-30"`, theDay, "risks",
			[]string{"choose an earlier date"}},
		{"renaming a conformance case", "conformance/sr6.go", `"SR-6/locks-are-shared"`, `"SR-6/locks-are-for-all"`, theDay, "references",
			[]string{"CM-lock-shared cites case:SR-6/locks-are-shared, and there is no such conformance case: restore its ID"}},
		{"a conformance case that nobody cites", "conformance/sr6.go", `"SR-6/locks-are-shared"`, `"SR-6/locks-are-for-all"`, theDay, "cases",
			[]string{"conformance/sr6.go:", "SR-6/locks-are-for-all is cited nowhere", `add "case:SR-6/locks-are-for-all"`}},
		{"an unknown field", lockCase, "  because: Readers", "  motive: Readers", theDay, "",
			[]string{lockCase + ":", "field motive not found", "SCHEMA.md"}},
		{"a missing field", lockCase, "  because: Readers do not keep each other out.\n", "", theDay, "",
			[]string{lockCase + ":", `"because" is missing: why that helps`}},
		{"a dangling id", lockCase, "counters: [AV-13]", "counters: [AV-99]", theDay, "references",
			[]string{lockCase + ":", "CM-lock-shared refers to AV-99, which is not defined"}},
		{"an id of the wrong kind", lockCase, "counters: [AV-13]", "counters: [SR-6]", theDay, "references",
			[]string{"CM-lock-shared refers to SR-6, and one of AV- is wanted here"}},
		{"a cycle", argues, "goals: [G-1.1, ", "goals: [G-0, G-1.1, ", theDay, "argument",
			[]string{argues + ":", "the argument goes in a circle: G-0 → G-1 → G-0"}},
		{"a claim without support", argues, "    countermeasures: [CM-root]\n", "", theDay, "argument",
			[]string{"G-4 needs either a strategy or countermeasures", "no claim rests on CM-root"}},
		{"a claim that nothing leads to", argues, "G-8.3, G-8.4]", "G-8.3]", theDay, "argument",
			[]string{"G-8.4 cannot be reached from G-0"}},
		{"the same id twice", lockCase, "- id: CM-lock-lasts", "- id: CM-lock-shared", theDay, "ids",
			[]string{"CM-lock-shared is defined a second time; the first is at " + lockCase}},
		{"an attack that nothing counters", model.Dir + "/threats.yaml", "  - id: AV-14\n", "  - id: AV-15\n", theDay, "threats",
			[]string{"nothing counters AV-15"}},
		{"an unknown mutant", lockCase, "[lock-exclusive]", "[lock-exclusively]", theDay, "references",
			[]string{`CM-lock-shared names the mutant "lock-exclusively"`}},
		{"a mutant without a countermeasure", lockCase, "[lock-exclusive]", "[no-lock]", theDay, "countermeasures",
			[]string{"no countermeasure names the mutant lock-exclusive"}},
		{"evidence that cannot run", lockCase, `["case:SR-6/locks-are-shared", "test:mmapguard.TestLockIsShared"]`, `["file:README.md"]`, theDay, "countermeasures",
			[]string{"CM-lock-shared has no evidence that assure verify can run"}},
		{"a row that is left out", model.Dir + "/frameworks/ssdf.yaml", "count: 42", "count: 43", theDay, "frameworks",
			[]string{"has 43 rows, and 42 are here: every row appears"}},
		{"a row that says nothing", model.Dir + "/frameworks/ssdf.yaml", "    gap: There is no list of maintainers and their roles.\n", "", theDay, "frameworks",
			[]string{"PO.2.1 says nothing: give it by, gap, residual or notApplicable"}},
		{"a promise that users are not told", "SECURITY.md", "within 48 hours", "some day", theDay, "incidents",
			[]string{`SEV-critical promises "within 48 hours"`, "make both say the same"}},
		{"a linter that is switched off", ".golangci.yml", "    - depguard\n", "", theDay, "references",
			[]string{"cites linter:depguard, and .golangci.yml does not enable it"}},
		{"a job that is gone", ".github/workflows/conformance.yml", "  native:\n", "  hosted:\n", theDay, "references",
			[]string{"cites job:conformance.yml/native, and no workflow has such a job"}},
		{"a stage that is gone", ".ci/run", "stage 'lint'", "stage 'taste'", theDay, "references",
			[]string{"cites stage:lint, and .ci/run has no such stage"}},
		{"a text that is gone", "README.md", "A lock is a promise among processes that look at it", "Locks", theDay, "references",
			[]string{"RR-advisory-lock cites file:README.md#A lock is a promise", "does not hold"}},
		{"a tool in another version", "mise.toml", `just = "1.57.0"`, `just = "1.58.0"`, theDay, "tools",
			[]string{"the tool just 1.58.0 in mise.toml has no entry", "the register has the tool just 1.57.0 in mise.toml"}},
		{"an action by its tag", ".github/workflows/conformance.yml", "vmactions/freebsd-vm@5a72679103d223925653750faa878a143340fbd0 # v1.5.0", "vmactions/freebsd-vm@v1", theDay, "tools",
			[]string{"the tool vmactions/freebsd-vm @v1 in .github/workflows/conformance.yml has no entry"}},
		{"a new way to the system", "mmapguard/lease_linux.go", "unix.F_SETOWN, os.Getpid())", "unix.F_SETOWN, unix.Getpid())", theDay, "syscalls",
			[]string{"the call golang.org/x/sys/unix.Getpid on linux has no entry in " + register("syscalls")}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			changed := tree(t)
			if tt.file != "" {
				changed = replaced(t, changed, tt.file, tt.old, tt.new)
			}
			var rules []string
			if tt.rule != "" {
				rules = []string{tt.rule}
			}
			found := problems(t, changed, tt.today, rules...)
			for _, want := range tt.want {
				if !strings.Contains(found, want) {
					t.Errorf("not told %q, but:\n%s", want, found)
				}
			}
		})
	}
}

// mutated is the tree with a mutant's edits.
func mutated(t *testing.T, mutant string) *repo.Tree {
	t.Helper()
	s, _, err := Read(tree(t), theDay)
	if err != nil {
		t.Fatal(err)
	}
	changed, err := s.Mutants[mutant].Apply(s.Tree)
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// TestRemovingTheLock takes the lock call out of the library: its mutant has
// nothing left to take away. That its evidence fails as well is for verify.
func TestRemovingTheLock(t *testing.T) {
	t.Parallel()
	found := problems(t, mutated(t, "no-lock"), theDay, "countermeasures")
	for _, want := range []string{"CM-lock: vacuous evidence: mutant no-lock no longer applies: mmapguard/lock.go holds ", "adapt the mutant"} {
		if !strings.Contains(found, want) {
			t.Errorf("not told %q, but:\n%s", want, found)
		}
	}
}

// TestAddingADependency needs two files changed: the library imports a module,
// and requires it.
func TestAddingADependency(t *testing.T) {
	t.Parallel()
	found := problems(t, mutated(t, "dependency-added"), theDay, "dependencies")
	want := "the dependency golang.org/x/mod v0.37.0 of library has no entry in " + register("dependencies") + ": add one"
	if !strings.Contains(found, want) {
		t.Errorf("not told %q, but:\n%s", want, found)
	}
}

// TestAddingAFuzzTarget wants an entry for it.
func TestAddingAFuzzTarget(t *testing.T) {
	changed := tree(t).With("mmapguard/made_up_test.go", []byte("package mmapguard_test\n\nimport \"testing\"\n\nfunc FuzzMadeUp(f *testing.F) {}\n"))
	found := problems(t, changed, theDay, "fuzz")
	if want := "the fuzz target mmapguard.FuzzMadeUp has no entry in " + register("fuzz"); !strings.Contains(found, want) {
		t.Errorf("not told %q, but:\n%s", want, found)
	}
}

// TestUnsafeElsewhere wants it moved, whatever the register says.
func TestUnsafeElsewhere(t *testing.T) {
	changed := tree(t).With("tools/internal/made_up.go", []byte("package internal\n\nimport \"unsafe\"\n\nvar size = unsafe.Sizeof(0)\n"))
	found := problems(t, changed, theDay, "unsafe")
	if want := "tools/internal/made_up.go:5: unsafe.Sizeof(0) is unsafe outside " + boundaryFolder + ": move it there"; !strings.Contains(found, want) {
		t.Errorf("not told %q, but:\n%s", want, found)
	}
}

// TestRulesHaveNames because evidence cites them.
func TestRulesHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range Rules() {
		if rule.Name == "" || seen[rule.Name] || !strings.HasSuffix(rule.Says, ".") {
			t.Errorf("rule %q is there twice, or says nothing", rule.Name)
		}
		seen[rule.Name] = true
	}
}
