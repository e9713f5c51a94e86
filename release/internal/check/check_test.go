// Package check tests what release/check lets pass, and what it refuses.
package check

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// next is what most trials release, after mmapguard/v0.1.0.
const next = "mmapguard/v0.1.1"

func TestARelease(t *testing.T) {
	for name, c := range map[string]struct {
		tag     string            // next, if empty
		before  string            // what is out
		change  map[string]string // what is committed
		dirty   map[string]string // what is not
		silent  bool              // the changelog says nothing of the tag
		because string            // why it is refused, or nothing
	}{
		"with all in order":               {},
		"that is the first":               {before: "tools/v0.1.0"},
		"of another module":               {tag: "conformance/v0.1.0"},
		"with an addition":                {change: map[string]string{"mmapguard/more.go": "package mmapguard\n\nfunc More() {}\n"}},
		"with changes in no commit":       {dirty: map[string]string{"mmapguard/more.go": "package mmapguard\n"}, because: "changes that are in no commit"},
		"without an entry of the log":     {silent: true, because: "CHANGELOG.md has no entry for mmapguard/v0.1.1"},
		"with a replace directive":        {change: map[string]string{"mmapguard/go.mod": sources["mmapguard/go.mod"] + "\nreplace golang.org/x/sys => ../sys\n"}, because: "has a replace directive"},
		"with a block of replacements":    {change: map[string]string{"mmapguard/go.mod": sources["mmapguard/go.mod"] + "\nreplace (\n\tgolang.org/x/sys => ../sys\n)\n"}, because: "has a replace directive"},
		"that needs what is not out":      {tag: "conformance/v0.1.0", change: map[string]string{"conformance/go.mod": sources["conformance/go.mod"] + "\nrequire github.com/mmapguard/go/mmapguard v0.0.0\n"}, because: "a module of this repository that is not published"},
		"with a version of two numbers":   {tag: "mmapguard/v0.2", because: "v0.2 is no semantic version"},
		"with a version without its v":    {tag: "mmapguard/0.2.0", because: "0.2.0 is no semantic version"},
		"of a module that is not for all": {tag: "fuzzers/v0.1.0", because: "fuzzers is not published"},
		"that forgets a function":         {change: map[string]string{"mmapguard/m.go": "package mmapguard\n"}, because: "Old: removed"},
		"that changes a function":         {change: map[string]string{"mmapguard/m.go": "package mmapguard\n\nfunc Old(int) {}\n"}, because: "breaks what mmapguard/v0.1.0 promised"},
		"that forgets a package":          {change: map[string]string{"mmapguard/gone/g.go": ""}, because: "mmapguard/gone was in mmapguard/v0.1.0, and is gone"},
		"that changes internal packages":  {change: map[string]string{"mmapguard/internal/i/i.go": "package i\n"}},
		"that breaks before version 1":    {tag: "mmapguard/v0.2.0", change: map[string]string{"mmapguard/m.go": "package mmapguard\n"}},
		"that breaks after version 1":     {before: "mmapguard/v1.0.0", tag: "mmapguard/v1.1.0", change: map[string]string{"mmapguard/m.go": "package mmapguard\n"}, because: "v1.1.0 is no major version"},
		"that nobody could verify":        {change: map[string]string{"unsupported": "a claim\n"}, because: "assure check fails"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.tag == "" {
				c.tag = next
			}
			if c.before == "" {
				c.before = "mmapguard/v0.1.0"
			}
			r := published(t, c.before)
			r.write(c.change)
			if !c.silent {
				r.write(map[string]string{"CHANGELOG.md": "# Changelog\n\n## " + c.tag + " - 2026-01-01\n"})
			}
			r.commit()
			r.write(c.dirty)
			allowed, said := r.check(c.tag)
			judge(t, allowed, said, c.because)
		})
	}
}

// judge fails unless a release is refused for one reason, that is told, or allowed.
func judge(t *testing.T, allowed bool, said, because string) {
	t.Helper()
	problems := strings.Count(said, "release-check: ")
	switch {
	case because == "" && (!allowed || problems > 0 || !strings.Contains(said, "HEAD may be released")):
		t.Errorf("it must be allowed, and is not:\n%s", said)
	case because != "" && (allowed || problems != 1 || !strings.Contains(said, because)):
		t.Errorf("it must be refused because %q, and nothing else; allowed: %t\n%s", because, allowed, said)
	}
}

// Somebody who has to mend several things learns of all of them at once.
func TestEveryReasonIsTold(t *testing.T) {
	r := published(t, "mmapguard/v0.1.0")
	r.write(map[string]string{"mmapguard/m.go": "package mmapguard\n", "unsupported": "a claim\n"})
	allowed, said := r.check(next)
	for _, want := range []string{"in no commit", "no entry", "Old: removed", "assure check fails"} {
		if allowed || !strings.Contains(said, want) {
			t.Errorf("nothing is said of %q:\n%s", want, said)
		}
	}
}

// This repository itself, by the real assurance case: as it was committed, and
// with a claim in it that nothing supports.
func TestThisRepositoryIsJudgedByItsAssuranceCase(t *testing.T) {
	if _, err := os.Stat(filepath.Join(root, ".git")); err != nil {
		t.Skipf("there is no repository here: %v", err)
	}
	const tag = "mmapguard/v0.1.0"
	r := repository{t, filepath.Join(t.TempDir(), "clone")}
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("git", "clone", "--quiet", "--no-tags", here, r.dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	r.install()
	log, err := os.ReadFile(filepath.Join(r.dir, "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	r.write(map[string]string{"CHANGELOG.md": string(log) + "\n## " + tag + " - 2026-01-01\n"})
	r.commit()
	allowed, said := r.check(tag)
	judge(t, allowed, strings.TrimSpace(said), "")

	r.write(map[string]string{"assurance-case/mutants.yaml": "mutants: []\n"})
	r.commit()
	allowed, said = r.check(tag)
	judge(t, allowed, said, "assure check fails")
}
