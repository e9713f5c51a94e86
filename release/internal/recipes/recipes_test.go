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

// Who runs a task: the pipeline, this test, or somebody who wants to.
const (
	pipeline = "the pipeline"
	here     = "this test"
	people   = "people"
)

// expected are the tasks that there must be. Those of documentation and fuzzing
// belong to what they build.
var expected = map[string]string{
	"setup": pipeline, "build": pipeline, "test": pipeline, "lint": pipeline, "coverage-check": pipeline,
	"audit": pipeline, "deny": pipeline, "conformance": pipeline, "bench": pipeline, "release-rehearsal": pipeline,
	"lint-workflows": pipeline, "test-release": pipeline,
	"fmt-check": here, "policy": here, "changelog": here, "release-check": here, "default": here,
	"test-all": people, "fmt": people, "fix": people, "coverage": people, "coverage-report": people,
	"ci-check": people, "release-dry-run": people, "hooks": people,
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
		{[]string{"--dry-run", "changelog", "tools/v0.1.0"}, ""},
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
