package chapters

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	source     = "../../src"
	repository = "../../.."
)

// block is a fenced block of a chapter or a document.
type block struct {
	file     string // from the repository's folder
	line     int
	document bool // it is not the book's own: people read it elsewhere as well
	info     string
	lines    []string
}

func (b block) at() string { return fmt.Sprintf("%s:%d", b.file, b.line) }

// commands are the lines with a prompt, those that they go on in included, and
// without remarks.
func (b block) commands() (all []string) {
	for i := 0; i < len(b.lines); i++ {
		command, ok := strings.CutPrefix(b.lines[i], "$ ")
		if !ok {
			continue
		}
		for strings.HasSuffix(command, `\`) && i+1 < len(b.lines) {
			i++
			command = strings.TrimSuffix(command, `\`) + strings.TrimSpace(b.lines[i])
		}
		all = append(all, remark.ReplaceAllString(command, ""))
	}
	return all
}

// remark is what a shell leaves out.
var remark = regexp.MustCompile(`\s+# .*$`)

// printed are the lines that follow commands.
func (b block) printed() (all []string) {
	more := false
	for _, line := range b.lines {
		prompt := strings.HasPrefix(line, "$ ")
		if !prompt && !more && strings.TrimSpace(line) != "" {
			all = append(all, line)
		}
		more = (prompt || more) && strings.HasSuffix(line, `\`)
	}
	return all
}

var documented = regexp.MustCompile(`(?m)^\{\{#mmapguard (?:document|part) (\S+)\}\}$`)

// texts are the book's chapters, and the documents that they include, by their
// names from the repository's folder.
func texts(t *testing.T) (chapters, documents map[string]string) {
	t.Helper()
	chapters, documents = map[string]string{}, map[string]string{"conformance/peers/TABLE.md": read(t, "conformance/peers/TABLE.md")}
	err := fs.WalkDir(os.DirFS(source), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".md" {
			return err
		}
		name = "site/src/" + name
		chapters[name] = read(t, name)
		for _, m := range documented.FindAllStringSubmatch(chapters[name], -1) {
			documents[m[1]] = read(t, m[1])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(chapters) < 30 || len(documents) < 10 {
		t.Fatalf("found %d chapters and %d documents", len(chapters), len(documents))
	}
	return chapters, documents
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(repository, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// blocks are all that the reader of the book meets, but for what the
// preprocessor makes, which is a command's output or formatted source.
func blocks(t *testing.T) (all []block) {
	t.Helper()
	chapters, documents := texts(t)
	for name, text := range chapters {
		all = append(all, fenced(t, name, text, false)...)
	}
	for name, text := range documents {
		all = append(all, fenced(t, name, text, true)...)
	}
	slices.SortFunc(all, func(a, b block) int { return strings.Compare(a.at(), b.at()) })
	return all
}

var fence = regexp.MustCompile("^( *)```(.*)$")

func fenced(t *testing.T, file, text string, document bool) (all []block) {
	t.Helper()
	var open *block
	indent := ""
	for i, line := range strings.Split(text, "\n") {
		m := fence.FindStringSubmatch(line)
		switch {
		case m != nil && open == nil:
			open, indent = &block{file: file, line: i + 1, document: document, info: m[2]}, m[1]
		case m != nil:
			all, open = append(all, *open), nil
		case open != nil:
			open.lines = append(open.lines, strings.TrimPrefix(line, indent))
		}
	}
	if open != nil {
		t.Errorf("%s: the block does not end", open.at())
	}
	return all
}

func TestBlocksAreFound(t *testing.T) {
	got := fenced(t, "f.md", "x\n\n1. y\n\n   ```console\n   $ a \\\n       b\n   c\n   ```\n\n```go\nz\n```\n", false)
	if len(got) != 2 || got[0].at() != "f.md:5" || got[0].info != "console" || got[1].lines[0] != "z" {
		t.Fatalf("%+v", got)
	}
	if c, p := got[0].commands(), got[0].printed(); len(c) != 1 || c[0] != "a b" || len(p) != 1 || p[0] != "c" {
		t.Errorf("commands %q, printed %q", c, p)
	}
}
