package chapters

import (
	"os/exec"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// A block of Go is part of a file that is compiled and run: the chapter only
// includes it.
func TestGoIsIncludedFromTests(t *testing.T) {
	included := 0
	for _, b := range blocks(t) {
		if b.document || b.info != "go" || len(b.lines) != 1 {
			continue
		}
		m := include.FindStringSubmatch(b.lines[0])
		if m == nil {
			continue // which TestBlocksAreCheckedBySomebody tells
		}
		included++
		name := path.Join(path.Dir(b.file), m[1])
		text := read(t, name)
		if !strings.HasSuffix(name, "_test.go") || strings.Count(text, "// ANCHOR: "+m[2]+"\n") != 1 || strings.Count(text, "// ANCHOR_END: "+m[2]+"\n") != 1 {
			t.Errorf("%s: %s is no test with a part %q", b.at(), name, m[2])
		}
	}
	if included < 15 {
		t.Errorf("only %d blocks of Go were found", included)
	}
}

// The commands of the chapters work as they stand.
func TestConsoleRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the book's commands: not with -short")
	}
	for _, b := range blocks(t) {
		if b.document || !slices.Contains(here, b.info) {
			continue
		}
		for _, command := range b.commands() {
			t.Run(command, func(t *testing.T) {
				if strings.Contains(command, "guardtrace") && (runtime.GOOS != "linux" || runtime.GOARCH != "amd64") {
					t.Skip("guardtrace is for Linux on amd64")
				}
				run(t, b, command)
			})
		}
	}
}

func run(t *testing.T, b block, command string) {
	t.Helper()
	want := 0
	if b.info == findings {
		want = 1
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-c", command) // #nosec G204 -- the book's own
	cmd.Dir = repository
	out, err := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != want {
		t.Errorf("%s: exit code %d, want %d: %v\n%s", b.at(), code, want, err, out)
	}
}

var listed = regexp.MustCompile(`\]\(([^)]+\.md)\)`)

// The table of contents lists every chapter, and each once.
func TestSummaryListsAllChapters(t *testing.T) {
	chapters, _ := texts(t)
	seen := map[string]int{"site/src/SUMMARY.md": 1}
	for _, m := range listed.FindAllStringSubmatch(chapters["site/src/SUMMARY.md"], -1) {
		seen["site/src/"+m[1]]++
		if chapters["site/src/"+m[1]] == "" {
			t.Errorf("there is no chapter %s", m[1])
		}
	}
	for name := range chapters {
		if seen[name] != 1 {
			t.Errorf("the contents list %s %d times", name, seen[name])
		}
	}
}

var heading = regexp.MustCompile(`(?m)^# \S`)

// A chapter has one heading of the first order: its own, or that of the document
// that it includes. The assurance case brings its own along.
func TestChaptersHaveOneHeading(t *testing.T) {
	chapters, documents := texts(t)
	for name, text := range chapters {
		for _, m := range documented.FindAllStringSubmatch(text, -1) {
			text += "\n" + documents[m[1]]
		}
		want := 1
		if name == "site/src/SUMMARY.md" {
			continue // whose headings are the parts of the book
		}
		if strings.Contains(text, "{{#mmapguard assurance}}") {
			want = 0
		}
		if n := len(heading.FindAllString(text, -1)); n != want {
			t.Errorf("%s has %d headings, want %d", name, n, want)
		}
	}
}

// What the measuring tasks write is what the pages look for.
func TestTaskOfMeasurementsFillsThePages(t *testing.T) {
	tasks := read(t, "justfile")
	for _, want := range []string{"\ndocs-data", "-o .cache/bench.txt", ">.cache/ladder.txt", ">.cache/trace.txt", "--json .cache/matrix.json"} {
		if !strings.Contains(tasks, want) {
			t.Errorf("the justfile has no %q", want)
		}
	}
}
