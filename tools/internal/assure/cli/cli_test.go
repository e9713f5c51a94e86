package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mmapguard/go/tools/internal/assure/repo"
)

// assure runs one command line.
func assure(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = Run(t.Context(), args, &out, &err)
	return code, out.String(), err.String()
}

func TestCommands(t *testing.T) {
	for _, tt := range []struct {
		args []string
		code int
		want string // on either stream
	}{
		{[]string{"check", "ids", "risks", "--today", "2026-12-01"}, exitOK, "the case is well-formed and complete: "},
		{[]string{"check", "risks", "--today", "2027-07-02"}, exitFailed, "was accepted until 2027-06-30: review it"},
		{[]string{"check", "--list"}, exitOK, "dependencies"},
		{[]string{"check", "--today", "soon"}, exitError, "--today"},
		{[]string{"check", "--dir", os.TempDir()}, exitError, "is not inside a working copy"},
		{[]string{"explain", "SR-6"}, exitOK, "CM-lock"},
		{[]string{"explain", "SR-99"}, exitError, "SR-99"},
		{[]string{"verify", "--claim", "SR-99"}, exitError, "no countermeasure belongs to \"SR-99\""},
		{[]string{"overlay", "nobody"}, exitError, "there is no mutant"},
		{[]string{"attest", "--verdicts", "missing.json"}, exitError, "missing.json"},
		{[]string{"nonsense"}, exitError, "unknown command"},
	} {
		code, stdout, stderr := assure(t, tt.args...)
		if code != tt.code || !strings.Contains(stdout+stderr, tt.want) {
			t.Errorf("%q exits with %d, want %d with %q:\n%s%s", tt.args, code, tt.code, tt.want, stdout, stderr)
		}
	}
}

// TestOverlay prints what go test -overlay takes.
func TestOverlay(t *testing.T) {
	code, stdout, stderr := assure(t, "overlay", "no-lock")
	text, err := os.ReadFile(strings.TrimSpace(stdout))
	if code != exitOK || err != nil || !bytes.Contains(text, []byte("mmapguard/lock.go")) {
		t.Errorf("exit %d, %s, %v: %s", code, stderr, err, text)
	}
}

// TestVerifyAClaim runs a claim whose evidence is a rule of assure check, which
// takes no build.
func TestVerifyAClaim(t *testing.T) {
	out := filepath.Join(t.TempDir(), "verdicts.json")
	code, stdout, stderr := assure(t, "verify", "--claim", "CM-tools-pinned", "--fresh", "--out", out)
	if code != exitOK || !strings.Contains(stdout, "1 countermeasures: 1 proven") || !strings.Contains(stderr, "tool-moved: 1 of 1 noticed") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
	pages := t.TempDir()
	code, stdout, stderr = assure(t, "render", "--verdicts", out, "--out", pages)
	if code != exitOK {
		t.Fatalf("exit %d: %s%s", code, stdout, stderr)
	}
	if text, err := os.ReadFile(filepath.Join(pages, "sr-9.md")); err != nil || !regexp.MustCompile(`### CM-tools-pinned .*\n\n.*✓ proven`).Match(text) {
		t.Errorf("the page does not tell the verdict: %v", err)
	}
}

// TestSchemaWrites what the repository has already.
func TestSchemaWrites(t *testing.T) {
	tree, err := repo.Open(".")
	if err != nil {
		t.Fatal(err)
	}
	want, err := tree.ReadFile("assurance-case/SCHEMA.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "assurance-case"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.work"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := assure(t, "schema", "--dir", dir); code != exitOK {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "assurance-case", "SCHEMA.md")); err != nil || !bytes.Equal(got, want) {
		t.Errorf("SCHEMA.md is another: %v", err)
	}
}
