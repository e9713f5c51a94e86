package pages

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mmapguard/go/site/internal/book"
)

// The chapters lie beside the one that asked for them, wherever that is.
func TestCaseIsAChapterWithOthersBelow(t *testing.T) {
	made, err := here(t).Page(t.Context(), book.Directive{Name: "assurance", Chapter: "case/index.md"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(made.Text, "# Assurance case\n") || made.Source == "" {
		t.Errorf("source %q, text %.200s", made.Source, made.Text)
	}
	var names []string
	for _, c := range made.Below {
		names = append(names, c.Path)
		if c.Path == "case/sr-6.md" && (!strings.Contains(c.Text, "{#cm-lock}") || c.Source != "assurance-case/requirements.yaml") {
			t.Errorf("the page of SR-6 is made of %q: %.200s", c.Source, c.Text)
		}
	}
	if got := strings.Join(names, " "); !strings.Contains(got, "case/argument.md case/sr-1.md") || !strings.HasSuffix(got, "case/frameworks.md") {
		t.Errorf("pages %s", got)
	}
}

// Verdicts of other sources than the book's are told to be so, and are no
// verdicts for a book that is to be published.
func TestVerdictsAreOfTheBooksCommit(t *testing.T) {
	s := here(t)
	head, err := s.command(t.Context(), "git", "rev-parse", "HEAD")
	if err != nil {
		t.Skip("no git, or no commit:", err)
	}
	for verdicts, want := range map[string]string{
		"null":                             "**Not verified in this build of the book.**",
		`[{"commit": "0123456789abcdef"}]`: "**The verdicts are of commit 0123456789ab**",
		`[{"modified": true, "commit": "` + strings.TrimSpace(head) + `"}]`: " with changes**",
		`[{"commit": "` + strings.TrimSpace(head) + `"}]`:                   "",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "verdicts.json"), []byte(verdicts), 0o600); err != nil {
			t.Fatal(err)
		}
		s.RequireData = false
		if note, err := s.age(t.Context(), dir); err != nil || !strings.Contains(note, want) || (note == "") != (want == "") {
			t.Errorf("%s: %q, %v", verdicts, note, err)
		}
		s.RequireData = true
		if _, err := s.age(t.Context(), dir); errors.Is(err, ErrNoData) != (want != "") {
			t.Errorf("%s: error %v", verdicts, err)
		}
	}
}

func TestDemonstrationIsATable(t *testing.T) {
	text := page(t, here(t), "demo")
	for _, want := range []string{"cuts a file of 16 MiB down to 4 MiB", "| reader | outcome |", "| os.ReadFile | survived | all 16 MiB intact |", "| `Cooperative`, by "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
