package chapters

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// runner is a test, a task or a workflow that runs a command of the book, or
// prints what the book shows of it.
type runner struct {
	command string // what the command begins with, or what it is if a line ends there
	file    string // the runner's, from the repository's folder
	text    string // by which it runs the command
}

// runners are for commands that the tests here cannot run: they need a release,
// a network, or minutes.
var runners = []runner{
	{"go get github.com/mmapguard/go/mmapguard", "release/stranger", `go get "$repository/mmapguard@$version"`},
	{"go install github.com/mmapguard/go/tools/cmd/mmapguard@", "release/stranger", `go install "$repository/tools/cmd/mmapguard@$commands"`},
	{"git clone --branch tools/", "release/rehearse", "git clone --quiet"},
	{"git clone https://github.com/mmapguard/go", "release/rehearse", "git clone --quiet"},
	{"go run ./tools/cmd/mmapguard demo", "site/internal/pages/demo.go", `"go", "run", "./tools/cmd/mmapguard", "demo"`},
	{"release/build tools/", "release/rehearse", `release/build "tools/$version"`},
	{"sha256sum --check --ignore-missing SHA256SUMS", ".github/workflows/release.yml", "sha256sum --check SHA256SUMS"},
	{"sha256sum --check --ignore-missing SHA256SUMS", "release/rehearse", "sha256sum --check --quiet"},
	{"gh release download tools/", ".github/workflows/release.yml", "gh release download"},
	{"go install github.com/slsa-framework/slsa-verifier/v2/cli/slsa-verifier@v2.7.1", ".github/workflows/release.yml", "go install github.com/slsa-framework/slsa-verifier/v2/cli/slsa-verifier@v2.7.1"},
	{"slsa-verifier verify-artifact --provenance-path multiple.intoto.jsonl", "release/rehearsal/play.go", `"verify-artifact", "--provenance-path"`},
	{"slsa-verifier verify-artifact --provenance-path multiple.intoto.jsonl", "release/rehearsal/internal/tamper/case.go", `"--source-uri"`},
	{".ci/run", ".ci/run", "stage 'tests' just test"},
	{"just test lint", ".ci/run", "stage 'lint' just lint"},
	{"just assure-check", ".ci/run", "just assure-check"},
	{"just assure-verify", "tools/internal/assure/cli/cli_test.go", `"verify", "--claim"`},
	{"just explain SR-6", "tools/internal/assure/render/render_test.go", "func TestExplain("},
	{"just\n", "release/internal/recipes/recipes_test.go", `"default": here`},
	{"go mod verify", "site/internal/chapters/chapters_test.go", "func TestGoModVerifySaysWhatIsShown("},
	{"go vet -vettool=$(go tool -n guardvet) ./...", "site/internal/chapters/guardvet_test.go", "func TestGuardvetSaysWhatItsREADMEShows("},
}

// readmes are documents with a test of their own, which runs every command and
// compiles every block of Go in them.
var readmes = []runner{
	{"fuzzers/README.md", "fuzzers/readme_test.go", "func TestREADME("},
}

// outputs are lines that commands print, each with the test that compares them.
var outputs = []runner{
	{"all modules verified", "site/internal/chapters/chapters_test.go", "func TestGoModVerifySaysWhatIsShown("},
	{"store.go:41:3: lent bytes are assigned", "site/internal/chapters/guardvet_test.go", "func TestGuardvetSaysWhatItsREADMEShows("},
}

// goParts are pieces of Go in documents, each with the test that compiles them.
var goParts = []runner{
	{"//guardvet:ignore neverclosed the collector is to close it", "site/internal/chapters/guardvet_test.go", "func TestGuardvetSaysWhatItsREADMEShows("},
}

// found tells whether some runner of a list is for a text.
func found(list []runner, text string) bool {
	return slices.ContainsFunc(list, func(r runner) bool { return strings.HasPrefix(text+"\n", r.command) })
}

// findings is a block of commands that find something, and exit with 1.
const findings = "console,finds"

// here is what the tests of this package run.
var here = []string{"console,run", findings}

var include = regexp.MustCompile(`^\{\{#include (\S+):(\w+)\}\}$`)

// TestBlocksAreCheckedBySomebody is the rule of the book: a block of Go is
// compiled, a command is run, and what it prints is compared.
func TestBlocksAreCheckedBySomebody(t *testing.T) {
	for _, b := range blocks(t) {
		if found(readmes, b.file) {
			continue
		}
		switch {
		case b.info == "go" && !b.document:
			if len(b.lines) != 1 || !include.MatchString(b.lines[0]) {
				t.Errorf("%s: a block of Go that nobody compiles; include it from a test", b.at())
			}
		case b.info == "go":
			for _, line := range b.lines {
				if !found(goParts, line) {
					t.Errorf("%s: nobody compiles %q", b.at(), line)
				}
			}
		case slices.Contains(here, b.info) && !b.document:
			if len(b.commands()) == 0 || len(b.printed()) > 0 {
				t.Errorf("%s: want commands alone, each after a prompt", b.at())
			}
		case b.info == "console" || b.info == "console,fetch" && !b.document:
			checkConsole(t, b)
		default:
			t.Errorf("%s: a block of kind %q, which nothing checks", b.at(), b.info)
		}
	}
}

func checkConsole(t *testing.T, b block) {
	t.Helper()
	if len(b.commands()) == 0 {
		t.Errorf("%s: no line begins with a prompt", b.at())
	}
	for _, command := range b.commands() {
		for part := range strings.SplitSeq(command, " && ") {
			if !strings.HasPrefix(part, "cd ") && !found(runners, part) {
				t.Errorf("%s: nobody runs %q", b.at(), part)
			}
		}
	}
	for _, line := range b.printed() {
		if !found(outputs, line) {
			t.Errorf("%s: nobody compares %q with what is printed", b.at(), line)
		}
	}
}

// The runners do what they are named for, and there is still something for them
// to do.
func TestRunnersAreThere(t *testing.T) {
	var seen []string
	for _, b := range blocks(t) {
		seen = append(append(seen, b.file), b.lines...)
		for _, command := range b.commands() {
			seen = append(seen, strings.Split(command, " && ")...)
		}
	}
	for _, r := range slices.Concat(runners, readmes, outputs, goParts) {
		if !strings.Contains(read(t, r.file), r.text) {
			t.Errorf("%s does not run %q any more: it has no %q", r.file, r.command, r.text)
		}
		if !slices.ContainsFunc(seen, func(text string) bool { return strings.HasPrefix(text+"\n", r.command) }) {
			t.Errorf("nothing in the book begins with %q any more", r.command)
		}
	}
}
