package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// figures are results that meet every goal, by benchmark and unit.
func figures() map[key]float64 {
	f := map[key]float64{}
	for _, g := range goals {
		if g.scale != (key{}) {
			f[g.scale] = g.full
		}
		switch {
		case g.under == (key{}):
			f[g.over] = g.limit
		case f[g.under] != 0:
			f[g.over] = g.limit * f[g.under]
		case f[g.over] != 0:
			f[g.under] = f[g.over] / g.limit
		default:
			f[g.over], f[g.under] = 10*g.limit, 10
		}
	}
	return f
}

// results prints figures as go test does, on so many processors.
func results(f map[key]float64, procs int) string {
	var out strings.Builder
	for k, v := range f {
		name := k.benchmark
		if procs > 1 {
			name = fmt.Sprintf("%s-%d", name, procs)
		}
		fmt.Fprintf(&out, "Benchmark%s\t100\t%v %s\n", name, v, k.unit)
	}
	return out.String()
}

// ratios runs the command on results and returns its exit code and output.
func ratios(t *testing.T, text string) (code int, out string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "results")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	code = run([]string{name}, &stdout, &stderr)
	return code, stdout.String() + stderr.String()
}

func TestGoalsAreMetAtTheirLimits(t *testing.T) {
	code, out := ratios(t, results(figures(), 2))
	if code != 0 || strings.Count(out, "  met") != len(goals) {
		t.Errorf("exit code %d\n%s", code, out)
	}
}

func TestGoalMissed(t *testing.T) {
	view := nanoseconds("View")
	heap := key{"Heap/impl=mmapguard", "heap-B/mapping"}
	for _, test := range []struct {
		name    string
		key     key
		value   float64
		code    int
		verdict string
	}{
		{"time is told", view, 79, 0, "missed"},
		{"time is told, however much it is", view, 8100, 0, "missed"},
		{"bytes have no slack", heap, 601, 1, "FAILED"},
		{"an allocation has no slack", key{read8 + "mmapguard", "allocs/op"}, 1, 1, "FAILED"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := figures()
			f[test.key] = test.value
			code, out := ratios(t, results(f, 2))
			if code != test.code || strings.Count(out, "  "+test.verdict) != 1 {
				t.Errorf("exit code %d\n%s", code, out)
			}
		})
	}
}

func TestMinimumMissed(t *testing.T) {
	for _, test := range []struct {
		two    float64 // what an operation takes with two goroutines, if 10 with one
		missed int
	}{{5, 0}, {7, 1}, {20, 1}} {
		f := figures()
		f[nanoseconds("Shared/goroutines=1")], f[nanoseconds("Shared/goroutines=2")] = 10, test.two
		if code, out := ratios(t, results(f, 2)); code != 0 || strings.Count(out, "  missed") != test.missed {
			t.Errorf("two goroutines at %v ns: exit code %d\n%s", test.two, code, out)
		}
	}
}

func TestDisturbedRoundDoesNotFailATime(t *testing.T) {
	disturbed := "BenchmarkView-2\t100\t500 ns/op\nBenchmarkView-2\t100\t600 ns/op\n"
	if code, out := ratios(t, disturbed+results(figures(), 2)); code != 0 {
		t.Errorf("exit code %d\n%s", code, out)
	}
}

func TestMissingBenchmarkFails(t *testing.T) {
	f := figures()
	delete(f, nanoseconds("View"))
	if code, out := ratios(t, results(f, 2)); code != 1 || !strings.Contains(out, "NO RESULT") {
		t.Errorf("exit code %d\n%s", code, out)
	}
}

func TestOneProcessorSkipsByName(t *testing.T) {
	code, out := ratios(t, results(figures(), 1))
	if code != 0 || !strings.Contains(out, "skipped: one processor") {
		t.Errorf("exit code %d\n%s", code, out)
	}
}

func TestSmallerScaleIsTold(t *testing.T) {
	f := figures()
	f[key{many, "open-mappings"}] = 19_000
	if code, out := ratios(t, results(f, 2)); code != 0 || !strings.Contains(out, "19000 open") {
		t.Errorf("exit code %d\n%s", code, out)
	}
}

func TestMedian(t *testing.T) {
	s := newSamples()
	text := "BenchmarkView-2 1 30 ns/op\nBenchmarkView-2 1 900 ns/op\nBenchmarkView-2 1 10 ns/op\n"
	if err := s.read(strings.NewReader(text), "text"); err != nil {
		t.Fatal(err)
	}
	if m, ok := s.median(nanoseconds("View")); !ok || m != 30 {
		t.Errorf("the median of 10, 30 and 900 is %v, %v", m, ok)
	}
	s.values[nanoseconds("View")] = []float64{4, 1}
	if m, _ := s.median(nanoseconds("View")); m != 2.5 {
		t.Errorf("the median of 1 and 4 is %v", m)
	}
}

func TestRatioComparesWithinRounds(t *testing.T) {
	s := newSamples()
	s.values[nanoseconds("A")] = []float64{2, 20, 200}
	s.values[nanoseconds("B")] = []float64{1, 10, 400}
	if r := s.ratio(nanoseconds("A"), nanoseconds("B")); r != 2 {
		t.Errorf("the median of 2, 2 and 0.5 is %v", r)
	}
}

func TestBrokenResultIsAnError(t *testing.T) {
	if code, out := ratios(t, "BenchmarkView-2 100 fast ns/op\n"); code != 2 || !strings.Contains(out, "results:1:") {
		t.Errorf("exit code %d\n%s", code, out)
	}
}

func TestUsage(t *testing.T) {
	var out bytes.Buffer
	if code := run([]string{"-nonsense"}, &out, &out); code != 2 {
		t.Errorf("exit code %d for an unknown flag", code)
	}
	if code := run([]string{filepath.Join(t.TempDir(), "none")}, &out, &out); code != 2 {
		t.Errorf("exit code %d for a file that is not there", code)
	}
}
