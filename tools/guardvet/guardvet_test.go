package guardvet_test

import (
	"os/exec"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/mmapguard/go/tools/guardvet"
)

// Each analyzer has a package of its own in testdata/src, with what it reports
// and with what it must not. The expectations stand in comments there, the fixed
// sources in .golden files.
func TestReports(t *testing.T) {
	for _, a := range guardvet.Analyzers() {
		if a == guardvet.Boundary {
			continue // it needs its flag: TestBoundary
		}
		t.Run(a.Name, func(t *testing.T) {
			if a == guardvet.LentCgo {
				if _, err := exec.LookPath("gcc"); err != nil {
					t.Skip("gcc is missing")
				}
				t.Setenv("CGO_ENABLED", "1")
			}
			wantCategory(t, a, analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), a, a.Name))
		})
	}
}

// wantCategory wants every report to have the name of its analyzer as category.
func wantCategory(t *testing.T, a *analysis.Analyzer, results []*analysistest.Result) {
	t.Helper()
	for _, r := range results {
		for _, d := range r.Diagnostics {
			if d.Category != a.Name {
				t.Errorf("%q has category %q, want %q", d.Message, d.Category, a.Name)
			}
		}
	}
}

// Unsafe code is reported outside the packages of the flag, and in them where no
// comment argues for it.
func TestBoundary(t *testing.T) {
	set(t, guardvet.Boundary, "boundary/inside")
	analysistest.Run(t, analysistest.TestData(), guardvet.Boundary, "boundary/inside", "boundary/outside")
	set(t, guardvet.Boundary, "")
	r := analysistest.Run(quiet{}, analysistest.TestData(), guardvet.Boundary, "boundary/outside")
	if n := len(r[0].Diagnostics); n != 0 {
		t.Errorf("without the flag there are %d reports", n)
	}
}

func set(t *testing.T, a *analysis.Analyzer, packages string) {
	t.Helper()
	if err := a.Flags.Set("packages", packages); err != nil {
		t.Fatal(err)
	}
}

// quiet does not mind that the reports the source speaks of are not there.
type quiet struct{}

func (quiet) Errorf(string, ...any) {}

func TestIgnore(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), guardvet.LentEscape, "ignore")
}
