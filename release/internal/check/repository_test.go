package check

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../../.."

// scripts are what is tested, and what it needs, as they lie here.
var scripts = []string{"release/check", "release/lib", "tools/release/apidiff/go.mod", "tools/release/apidiff/go.sum"}

// sources are a small repository of the form that release/check knows: published
// modules, a changelog, and a command that judges the assurance case, of which
// release/check takes the exit code alone.
var sources = map[string]string{
	"CHANGELOG.md":              "# Changelog\n",
	"release/modules.txt":       "# in order\nmmapguard\nconformance\ntools\n",
	"mmapguard/go.mod":          "module github.com/mmapguard/go/mmapguard\n\ngo 1.25.0\n",
	"mmapguard/m.go":            "package mmapguard\n\nfunc Old() {}\n",
	"mmapguard/gone/g.go":       "package gone\n\nfunc Old() {}\n",
	"mmapguard/internal/i/i.go": "package i\n\nfunc Old() {}\n",
	"conformance/go.mod":        "module github.com/mmapguard/go/conformance\n\ngo 1.25.0\n",
	"tools/go.mod":              "module github.com/mmapguard/go/tools\n\ngo 1.25.0\n",
	"tools/cmd/assure/main.go": `package main

import "os"

func main() {
	if _, err := os.Stat("unsupported"); err == nil {
		os.Exit(1)
	}
}
`,
	"go.work": "go 1.25.0\n\nuse (\n\t./conformance\n\t./mmapguard\n\t./tools\n)\n",
}

// repository is a checkout, whose last commit is to be released.
type repository struct {
	t   *testing.T
	dir string
}

// published is the small repository, with the library out as each of tags.
func published(t *testing.T, tags ...string) repository {
	t.Helper()
	r := repository{t, t.TempDir()}
	r.install()
	r.git("init", "--quiet")
	r.write(sources)
	r.commit()
	for _, tag := range tags {
		r.git("tag", tag)
	}
	return r
}

// install puts the scripts of this working copy into r.
func (r repository) install() {
	r.t.Helper()
	for _, name := range scripts {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			r.t.Fatal(err)
		}
		r.write(map[string]string{name: string(text)})
	}
}

// write writes files; one without contents is removed.
func (r repository) write(files map[string]string) {
	r.t.Helper()
	for name, text := range files {
		file := filepath.Join(r.dir, filepath.FromSlash(name))
		var err error
		if text == "" {
			err = os.Remove(file)
		} else {
			err = errors.Join(os.MkdirAll(filepath.Dir(file), 0o750), os.WriteFile(file, []byte(text), 0o700)) // #nosec G306 -- scripts among them
		}
		if err != nil {
			r.t.Fatal(err)
		}
	}
}

func (r repository) commit() {
	r.t.Helper()
	r.git("add", "--all")
	r.git("-c", "user.name=release", "-c", "user.email=release@example.invalid", "-c", "commit.gpgsign=false",
		"-c", "core.hooksPath=", "commit", "--quiet", "--allow-empty", "--message", "release: be tested")
}

func (r repository) git(args ...string) {
	r.t.Helper()
	cmd := exec.Command("git", append([]string{"-C", r.dir}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// check asks whether the last commit may be released as tag.
func (r repository) check(tag string) (allowed bool, said string) {
	r.t.Helper()
	cmd := exec.Command(filepath.Join(r.dir, "release", "check"), tag)
	cmd.Dir = r.dir
	// The tests may run without the workspace; the assurance case is judged with it.
	cmd.Env = append(os.Environ(), "GOWORK=")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		r.t.Skipf("release/check cannot be run here: %v", err)
	}
	return err == nil, string(out)
}
