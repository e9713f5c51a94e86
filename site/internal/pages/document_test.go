package pages

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mmapguard/go/site/internal/book"
)

const quotedText = `# Doc

See [other](../other.md#part), [code](x.go), [folder](../folder/), [here](#doc), [web](https://example.com/a.md).

` + "```console\n$ cat [x](gone.md)\n```\n"

func quotedIn(t *testing.T, text string) *Source {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"docs/doc.md": text, "other.md": "", "docs/x.go": "", "folder/y": ""} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &Source{Repository: dir}
}

func TestLinksOfDocumentsLeadToChaptersOrToTheSource(t *testing.T) {
	s := quotedIn(t, quotedText)
	s.Know([]book.Directive{{Name: "document", Args: []string{"other.md"}, Chapter: "elsewhere/other-chapter.md"}})
	made, err := s.Page(t.Context(), book.Directive{Name: "document", Args: []string{"docs/doc.md"}, Chapter: "project/doc.md"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"[other](../elsewhere/other-chapter.md#part)", "[code](https://github.com/mmapguard/go/blob/main/docs/x.go)",
		"[folder](https://github.com/mmapguard/go/tree/main/folder)", "[here](#doc)", "[web](https://example.com/a.md)", "$ cat [x](gone.md)",
	} {
		if !strings.Contains(made.Text, want) {
			t.Errorf("no %s in\n%s", want, made.Text)
		}
	}
	if made.Source != "docs/doc.md" {
		t.Errorf("the chapter is edited in %q", made.Source)
	}
}

func TestLinkOfADocumentThatLeadsNowhereIsAnErrorWithItsLine(t *testing.T) {
	_, err := quotedIn(t, "# Doc\n\n[gone](gone.md)\n").Page(t.Context(), book.Directive{Name: "document", Args: []string{"docs/doc.md"}})
	if err == nil || !strings.Contains(err.Error(), "docs/doc.md:3: the link to gone.md leads nowhere") {
		t.Errorf("error %v", err)
	}
}
