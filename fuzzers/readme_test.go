package fuzzers

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	codeBlock = regexp.MustCompile("(?s)\n```(\\w+)\n(.*?)\n```\n")
	fileName  = regexp.MustCompile("in\n`(fuzzers/\\w+_test\\.go)`:$")
)

// docsVar, in the environment, asks for the test.
const docsVar = "MMAPGUARD_FUZZ_DOCS"

// TestREADME runs the commands of the README as they stand there, and the
// example of a new target with them, in a copy of the workspace.
func TestREADME(t *testing.T) {
	if os.Getenv(docsVar) == "" {
		t.Skip("builds and runs all fuzz targets: set MMAPGUARD_FUZZ_DOCS=1, as just fuzz-docs does")
	}
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	workspace := t.TempDir()
	copyWorkspace(t, "..", workspace)
	commands := 0
	for _, at := range codeBlock.FindAllSubmatchIndex(text, -1) {
		language, code := string(text[at[2]:at[3]]), string(text[at[4]:at[5]])
		switch language {
		case "go":
			name := fileName.FindSubmatch([]byte(strings.TrimSpace(string(text[:at[0]]))))
			if name == nil {
				t.Fatal("the example's file is not named before it")
			}
			write(t, filepath.Join(workspace, string(name[1])), []byte(code))
		case "console":
			commands += runCommands(t, workspace, code)
		}
	}
	if commands == 0 {
		t.Error("the README has no commands")
	}
}

// runCommands runs the lines that begin with a prompt.
func runCommands(t *testing.T, dir, block string) (n int) {
	t.Helper()
	for line := range strings.Lines(block) {
		command, ok := strings.CutPrefix(strings.TrimSpace(line), "$ ")
		if !ok {
			continue
		}
		n++
		out, err := runCommand(t, dir, command)
		if err != nil && endedLate.Match(out) {
			out, err = runCommand(t, dir, command)
		}
		if err != nil {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
		if strings.Contains(string(out), "no tests to run") {
			t.Errorf("%s runs nothing:\n%s", command, out)
		}
		t.Logf("$ %s\n%s", command, out)
	}
	return n
}

// endedLate is what the go command says if it takes the end of the time for a
// failure, as it may until Go 1.27 (go.dev/issue/75804). No input is named then.
var endedLate = regexp.MustCompile(`(?m)^--- FAIL: Fuzz.*\n    context deadline exceeded$`)

func runCommand(t *testing.T, dir, command string) ([]byte, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", command)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), docsVar+"=") // or its tests would do this again
	return cmd.CombinedOutput()
}

// copyWorkspace copies the sources.
func copyWorkspace(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(from, path)
		if err := errors.Join(err, relErr); err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == ".git" || entry.Name() == ".cache") {
			return filepath.SkipDir
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		write(t, filepath.Join(to, rel), text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
