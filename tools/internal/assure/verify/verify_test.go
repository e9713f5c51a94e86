package verify

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/mmapguard/go/tools/internal/assure/check"
	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/repo"
)

var theDay = time.Date(2026, time.December, 1, 0, 0, 0, 0, time.UTC)

// repository unpacks testdata/small.txtar.
func repository(t *testing.T) *repo.Tree {
	t.Helper()
	small, err := txtar.ParseFile("testdata/small.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range small.Files {
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := repo.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// run verifies a tree whose case has the given countermeasures.
func run(t *testing.T, tree *repo.Tree, opts Options, cms ...model.Countermeasure) *Verdicts {
	t.Helper()
	s, _, err := check.Read(tree, theDay)
	if err != nil {
		t.Fatal(err)
	}
	if cms != nil {
		s.Case.Countermeasures = cms
	}
	v, err := New(t.Context(), s, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	}()
	verdicts, err := v.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return verdicts
}

func refs(list ...string) (all []model.Ref) {
	for _, text := range list {
		all = append(all, model.Ref{Text: text})
	}
	return all
}

// cm is a countermeasure of one mutant, and evidence of the small repository.
func cm(id, mutant string, evidence ...string) model.Countermeasure {
	for i, e := range evidence {
		if !strings.Contains(e, ":") {
			evidence[i] = "test:lib." + e
		}
	}
	return model.Countermeasure{ID: id, Mutants: refs(mutant), Evidence: refs(evidence...)}
}

// TestVerdicts has a countermeasure for everything that can become of one.
func TestVerdicts(t *testing.T) {
	hangs := cm("CM-hangs", "never-done", "TestDone")
	may := cm("CM-may-hang", "never-done", "TestDone")
	may.MayHang = true
	company := cm("CM-company", "no-limit", "TestLimit", "TestCompany")
	company.Evidence, company.Supporting = company.Evidence[:1], slices.Concat(company.Evidence[1:], refs("test:lib.TestOnce", "test:lib.TestMostly"))
	want := []struct {
		cm    model.Countermeasure
		state State
		says  string
	}{
		{cm("CM-good", "no-limit", "TestLimit", "TestInParts", "fuzz:lib.FuzzLimit"), Proven, ""},
		{cm("CM-dies", "dies", "TestDone"), Proven, ""},
		{cm("CM-vacuous", "no-limit", "TestOfNothing"), Unsupported, "vacuous evidence: test:lib.TestOfNothing passes although no-limit takes the countermeasure away"},
		{cm("CM-partly-vacuous", "no-limit", "TestLimit", "TestOfNothing"), Unsupported, "vacuous evidence: test:lib.TestOfNothing passes"},
		{cm("CM-survived", "never-done", "TestLimit"), Unsupported, "the mutant never-done survives"},
		{cm("CM-stale", "stale", "TestLimit"), Unsupported, `mutant stale no longer applies: lib/lib.go holds "no such text" 0 times`},
		{cm("CM-not-go", "not-go", "TestLimit"), Unsupported, "it does not build"},
		{cm("CM-no-mutant", "nobody", "TestLimit"), Unsupported, "there is no such mutant"},
		{cm("CM-skipped", "no-limit", "TestSkipped"), Unsupported, "test:lib.TestSkipped is skipped (lib_test.go:21: needs the moon), and a skipped test is no evidence"},
		{cm("CM-all-parts-skipped", "no-limit", "TestSkippedInParts"), Unsupported, "test:lib.TestSkippedInParts is skipped"},
		{cm("CM-foreseen", "no-limit", "TestLimit", "test:lib.TestSkipped needs moon"), Proven, ""},
		{cm("CM-only-foreseen", "no-limit", "test:lib.TestSkipped needs moon"), NotHere, ""},
		{cm("CM-elsewhere", "no-limit", "TestOnWindows"), NotHere, ""},
		{cm("CM-fails", "no-limit", "TestFails"), Unsupported, "test:lib.TestFails fails: lib_test.go:27: it is broken"},
		{cm("CM-missing", "no-limit", "TestDeleted"), Unsupported, "test:lib.TestDeleted does not exist"},
		{company, Proven, ""},
	}
	if !testing.Short() { // what hangs takes its time
		want = append(want, []struct {
			cm    model.Countermeasure
			state State
			says  string
		}{
			{hangs, Unsupported, `say "mayHang: true"`},
			{may, Proven, ""},
		}...)
	}
	var cms []model.Countermeasure
	for _, w := range want {
		cms = append(cms, w.cm)
	}
	verdicts := run(t, repository(t), Options{Patience: 5 * time.Second}, cms...)
	for i, w := range want {
		got := verdicts.Countermeasures[i]
		if problems := strings.Join(got.Problems, "\n"); got.State != w.state || !strings.Contains(problems, w.says) || w.says == "" && problems != "" {
			t.Errorf("%s is %s: %q, want %s: %q", w.cm.ID, got.State, problems, w.state, w.says)
		}
	}
	for i, name := range []string{"test:lib.TestOnce", "test:lib.TestMostly"} {
		if alone := verdicts.Countermeasures[15].Evidence[2+i]; alone.Ref != name || !alone.Retried {
			t.Errorf("that %s passed alone only is not told: %+v", name, alone)
		}
	}
}

// TestCache runs twice, and sees that the second run starts nothing until
// something changes that the outcome depends on.
func TestCache(t *testing.T) {
	tree, opts := repository(t), Options{Cache: t.TempDir()}
	good := cm("CM-good", "no-limit", "TestLimit")
	built := func(tree *repo.Tree) bool {
		before := time.Now()
		v := run(t, tree, opts, good)
		if v.Countermeasures[0].State != Proven {
			t.Fatalf("%+v", v.Countermeasures[0])
		}
		return writtenSince(t, opts.Cache, before)
	}
	if !built(tree) {
		t.Error("the first run kept nothing")
	}
	if built(tree) {
		t.Error("the second run found out anew what was known")
	}
	text, err := tree.ReadFile("lib/lib_test.go")
	if err != nil {
		t.Fatal(err)
	}
	if changed := tree.With("lib/lib_test.go", append(text, "\n// More.\n"...)); !built(changed) {
		t.Error("a change of the sources was not noticed")
	}
}

func writtenSince(t *testing.T, dir string, before time.Time) bool {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		info, err := e.Info()
		return err == nil && info.ModTime().After(before)
	})
}

// TestBadOutcomesAreNotKept: what failed is looked at again.
func TestBadOutcomesAreNotKept(t *testing.T) {
	tree, opts := repository(t), Options{Cache: t.TempDir()}
	for range 2 {
		v := run(t, tree, opts, cm("CM-fails", "no-limit", "TestFails"))
		if v.Countermeasures[0].State != Unsupported {
			t.Fatalf("%+v", v.Countermeasures[0])
		}
	}
	if entries, err := os.ReadDir(opts.Cache); err == nil && len(entries) > 0 {
		t.Errorf("%d outcomes were kept", len(entries))
	}
}

func TestVerdictsAreReadBack(t *testing.T) {
	v := run(t, repository(t), Options{}, cm("CM-good", "no-limit", "TestLimit"))
	file := filepath.Join(t.TempDir(), "new", "verdicts.json")
	if err := v.Write(file); err != nil {
		t.Fatal(err)
	}
	back, err := ReadVerdicts(file)
	if err != nil || fmt.Sprint(*back) != fmt.Sprint(*v) {
		t.Errorf("read back as %+v, %v; want %+v", back, err, v)
	}
	if err := os.WriteFile(file, []byte(`{"schema": "other"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadVerdicts(file); err == nil {
		t.Error("a file of another form is read")
	}
}
