// Package recipes tests the tasks of the repository: that those which people
// expect are there, that CI runs the long ones, and that the short ones which
// need no network do what `just --list` says.
package recipes

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../../.."

// Who runs a task: the pipeline, another task, this test, or somebody who wants to.
const (
	pipeline = "the pipeline"
	within   = "another task"
	here     = "this test"
	people   = "people"
)

// expected are the tasks that there must be.
var expected = map[string]string{
	"setup": pipeline, "build": pipeline, "test": pipeline, "lint": pipeline, "coverage-check": pipeline,
	"audit": pipeline, "deny": pipeline, "docs-data": pipeline, "release-rehearsal": pipeline,
	"test-release": pipeline, "fuzz": pipeline, "matrix": pipeline, "docs-check": pipeline, "scorecard": pipeline,
	"lint-workflows": within, "policy": within, "coverage": within, "docs": within, "bench": within,
	"fmt-check": here, "changelog": here, "release-check": here, "default": here,
	"test-all": people, "fmt": people, "fix": people, "coverage-report": people, "conformance": people,
	"ci-check": people, "release-dry-run": people, "hooks": people,
	"docs-serve": people,
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestTheTasksThatPeopleExpectAreThere(t *testing.T) {
	file, ci := read(t, "justfile"), read(t, filepath.Join(".ci", "run"))
	for name, who := range expected {
		if !regexp.MustCompile(`(?m)^` + name + `( [^:]*)?:`).MatchString(file) {
			t.Errorf("there is no task %s", name)
		}
		if who == pipeline && !regexp.MustCompile(`just `+name+`( |$|\n)`).MatchString(ci) {
			t.Errorf("the pipeline does not run %s", name)
		}
		if who == within && !regexp.MustCompile(`(?m)^([a-z][^:\n]*:( .*)?|    just) `+name+`( |$)`).MatchString(file) {
			t.Errorf("no task runs %s", name)
		}
	}
}

// Somebody who lists the tasks sees what each one is for.
func TestEveryTaskSaysWhatItIsFor(t *testing.T) {
	lines := strings.Split(read(t, "justfile"), "\n")
	task := regexp.MustCompile(`^([a-z][a-z0-9-]*)[^:=]*:($|[^=])`)
	var found []string
	for i, line := range lines {
		match := task.FindStringSubmatch(line)
		if match == nil || i == 0 {
			continue
		}
		found = append(found, match[1])
		if !strings.HasPrefix(lines[i-1], "# ") {
			t.Errorf("nothing stands above the task %s", match[1])
		}
	}
	if len(found) < len(expected) || !slices.Contains(found, "release-rehearsal") {
		t.Errorf("the test sees these tasks alone: %v", found)
	}
}

func TestShortTasksWork(t *testing.T) {
	if _, err := exec.LookPath("just"); err != nil {
		t.Skipf("just is not installed: %v", err)
	}
	if _, err := os.Stat(filepath.Join(root, "tools", "npm", "node_modules")); err != nil {
		t.Skipf("the tools of npm are not installed: %v", err)
	}
	for _, c := range []struct {
		args []string
		want string // what it says, if it must fail
	}{
		{[]string{"default"}, ""},
		{[]string{"fmt-check"}, ""},
		{[]string{"policy"}, ""},
		{[]string{"release-check", "nothing/v0.1.0"}, "nothing is not published"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			cmd := exec.Command("just", c.args...)
			cmd.Dir = root
			out, err := cmd.CombinedOutput()
			if (err == nil) != (c.want == "") || !strings.Contains(string(out), c.want) {
				t.Errorf("%v, and not %q:\n%s", err, c.want, out)
			}
		})
	}
}

// In a clone: the task writes the file of the checkout that it is run in.
func TestTheChangelogGetsTheReleaseThatIsAskedFor(t *testing.T) {
	installed, err := filepath.Abs(filepath.Join(root, "tools", "npm", "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(installed); err != nil {
		t.Skipf("the tools of npm are not installed: %v", err)
	}
	if _, err := exec.LookPath("just"); err != nil {
		t.Skipf("just is not installed: %v", err)
	}
	clone := filepath.Join(t.TempDir(), "clone")
	if out, err := exec.Command("git", "clone", "--quiet", root, clone).CombinedOutput(); err != nil {
		t.Skipf("there is no repository here: %v: %s", err, out)
	}
	if err := os.Symlink(installed, filepath.Join(clone, "tools", "npm", "node_modules")); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("just", "changelog", "mmapguard/v7.8.9")
	cmd.Dir = clone
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	log, err := os.ReadFile(filepath.Join(clone, "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	// The form that release/check looks for.
	if !regexp.MustCompile(`(?m)^## mmapguard/v7\.8\.9 - [0-9]{4}-[0-9]{2}-[0-9]{2}$`).Match(log) {
		t.Errorf("the changelog has no such release:\n%.600s", log)
	}
}
