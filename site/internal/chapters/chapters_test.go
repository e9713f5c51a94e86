// Package chapters tests what the chapters of the book say.
package chapters

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const (
	source     = "../../src"
	repository = "../../.."
)

// block is a fenced block of a chapter.
type block struct {
	file, info, text string
}

var fence = regexp.MustCompile("(?ms)^```([^\n]*)\n(.*?\n)```$")

func blocks(t *testing.T) (all []block) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(source), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(source, name))
		for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
			all = append(all, block{name, m[1], m[2]})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("the chapters have no blocks")
	}
	return all
}

var include = regexp.MustCompile(`^\{\{#include (\S+):(\w+)\}\}\n$`)

// A block of Go is part of a file that is compiled and run: the chapter only
// includes it.
func TestGoIsIncludedFromRecipes(t *testing.T) {
	for _, b := range blocks(t) {
		if b.info != "go" {
			continue
		}
		m := include.FindStringSubmatch(b.text)
		if m == nil {
			t.Errorf("%s: a block of Go that nobody compiles; include it from recipes:\n%s", b.file, b.text)
			continue
		}
		text, err := os.ReadFile(filepath.Join(source, filepath.Dir(b.file), m[1]))
		if err != nil {
			t.Errorf("%s: %v", b.file, err)
		}
		if strings.Count(string(text), "// ANCHOR: "+m[2]+"\n") != 1 || strings.Count(string(text), "// ANCHOR_END: "+m[2]+"\n") != 1 {
			t.Errorf("%s: %s has no part %q", b.file, m[1], m[2])
		}
	}
}

// kinds are all that a block may be: anything else is checked by nobody.
var kinds = map[string]string{
	"go":            "compiled",
	"console,run":   "run by TestConsoleRuns",
	"console,fetch": "needs a network: run by the rehearsal of a release",
}

func TestBlocksAreOfAKindThatIsChecked(t *testing.T) {
	for _, b := range blocks(t) {
		if _, known := kinds[b.info]; !known {
			t.Errorf("%s: a block of kind %q, which nothing checks:\n%s", b.file, b.info, b.text)
		}
	}
}

// The commands of the chapters work as they stand.
func TestConsoleRuns(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the book's commands: not with -short")
	}
	for _, b := range blocks(t) {
		if b.info != "console,run" {
			continue
		}
		for line := range strings.Lines(b.text) {
			command, ok := strings.CutPrefix(strings.TrimSpace(line), "$ ")
			if !ok {
				continue
			}
			t.Run(command, func(t *testing.T) {
				cmd := exec.Command("sh", "-c", command) // #nosec G204 -- the book's own
				cmd.Dir = repository
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%s: %v\n%s", b.file, err, out)
				}
			})
		}
	}
}
