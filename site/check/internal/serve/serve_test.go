package serve

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

func TestFolderBelowAPath(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "sub", "index.html"), []byte("<p>sub"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Folder(t.Context(), dir, "/go/")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for address, want := range map[string]int{
		"sub/":           http.StatusOK,
		"sub/index.html": http.StatusOK,
		"gone.html":      http.StatusNotFound,
		"../sub/":        http.StatusNotFound,
		"sub":            http.StatusNotFound, // a folder is no page
	} {
		answer, err := http.Get(s.Base + address)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := answer.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if got := answer.Request.URL.String(); answer.StatusCode != want || want == http.StatusOK && (string(text) != "<p>sub" || got != s.Base+address) {
			t.Errorf("%s: status %d, %q from %s; want status %d", address, answer.StatusCode, text, got, want)
		}
	}
}
