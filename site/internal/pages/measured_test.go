package pages

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mmapguard/go/conformance/report"
)

// measured is this repository with measurements that a test makes up.
func measured(t *testing.T, name string, value any) *Source {
	t.Helper()
	s := here(t)
	content, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.Data, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return s
}

func rowOf(verdicts ...string) *report.Report {
	r := &report.Report{Schema: report.Schema, Platform: report.Platform{OS: "linux", Arch: "s390x", FileSystem: "tmpfs", PageSize: 4096, Kernel: "Linux 6.1"},
		Offers: []report.Offer{{Mechanism: "flock", Offered: true}, {Mechanism: "reflink", Reason: "no | clones in /tmp/lab-12/mnt: why"}}}
	for i, v := range verdicts {
		r.Results = append(r.Results, report.Result{ID: []string{"SR-1/one", "SR-2/two", "TRAP-3/three", "TRAP-4/four"}[i], Verdict: v})
	}
	return r
}

func TestMatrixTellsWhatWasRunAndWhatWasNot(t *testing.T) {
	s := measured(t, matrixFile, environments{[]environment{
		{Name: "fs/one", Note: "special", Report: rowOf(report.Held, report.Broken, report.Held, report.Failed)},
		{Name: "fs/two", Report: rowOf(report.NotOffered, report.Held, report.Held, report.Held)},
		{Name: "vm/three", NotRun: "no machine"},
		{Name: "vm/four", Failed: "it exploded"},
	}})
	text := page(t, s, "matrix")
	for _, want := range []string{
		"4 environments, 2 of them run",
		"| fs/one | linux/s390x on tmpfs | Linux 6.1, 4 KiB |  | 2 | **✗ 1** | 0 | 1 |",
		"- fs/one: special\n", "- vm/three was **not run**: no machine\n", "- vm/four **failed** around the suite: it exploded\n",
		"| where | SR-1 | SR-2 | traps |",
		"| fs/one | 1 | **✗ 1** | 1, 1 errors |", "| fs/two | – | 1 | 2 |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	text = page(t, s, "rungs") + page(t, s, "reasons")
	for _, want := range []string{"| fs/one | tmpfs | ✓ | – |", "| `reflink` | no \\| clones in the directory: why | fs/one, fs/two |"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestMatrixOfNothingIsAnError(t *testing.T) {
	old := rowOf()
	old.Schema = report.Schema + 1
	for want, value := range map[string]any{
		"no environment was run": environments{[]environment{{Name: "x", NotRun: "y"}}},
		"cannot unmarshal":       []int{1},
		"a report of schema":     environments{[]environment{{Report: old}}},
	} {
		if _, err := measured(t, matrixFile, value).matrix(t.Context(), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

// testdata has what a run of the benchmarks printed, those of the plots alone.
func TestBenchmarksAreComparedRoundByRound(t *testing.T) {
	s := here(t)
	s.Data = "testdata"
	text := page(t, s, "bench")
	for _, want := range []string{
		"## Reading 8 bytes", "## Opening and closing", "| mmapguard | ", " | 1.00 | 1.00 | 1.00 |", "| os-File | ",
		"| goal | measured | limit | verdict | figures |", "| View | – | ≤ 40 ns | NO RESULT |",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	all, err := readSeries([]byte("BenchmarkX/impl=mmapguard-2 1 10 ns/op\nBenchmarkX/impl=b-2 1 5 ns/op\nBenchmarkX/impl=mmapguard-2 1 100 ns/op\nBenchmarkX/impl=b-2 1 400 ns/op 3 B/op\nPASS\n"))
	if err != nil {
		t.Fatal(err)
	}
	bars, err := all.bars("X/")
	if err != nil || len(bars) != 2 || bars[1] != (bar{"b", 0.5, 2.25, 4, 202.5}) {
		t.Errorf("%+v, %v", bars, err)
	}
	if _, err := all.bars("Y/"); err == nil {
		t.Error("a plot without results was made")
	}
	if _, err := readSeries([]byte("BenchmarkX 1 ten ns/op\n")); err == nil || !strings.Contains(err.Error(), ":1: ") {
		t.Errorf("error %v", err)
	}
}

func TestLaddersColumnsBecomeATable(t *testing.T) {
	s := here(t)
	s.Data = "testdata"
	text := page(t, s, "bench-ladder")
	for _, want := range []string{"| open and close | 1 MiB |", "| reflink | - |", "| rescue | writer waits | os.ReadFile | ratio | GiB/s |"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if _, err := columns("a  b\n1  2  3\n"); err == nil {
		t.Error("a line with a column too many was taken")
	}
}

func TestCostOfTracingIsATable(t *testing.T) {
	s := here(t)
	s.Data = "testdata"
	text := page(t, s, "bench-trace")
	for _, want := range []string{"| traced by | processors | median |", "| guardtrace | 2 | 673.8 ms | 516.3 ms | 0.81 |", "15 rounds of 3000 maps and reads each"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	s.Data = t.TempDir()
	if err := os.WriteFile(filepath.Join(s.Data, traceFile), []byte("guardtrace: no such file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.benchTrace(t.Context(), nil); err == nil || !strings.Contains(err.Error(), benchTask) {
		t.Errorf("error %v", err)
	}
}
