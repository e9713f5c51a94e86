package recipes_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"github.com/mmapguard/go/mmapguard"
)

// ANCHOR: recipe

// files serves the files of one directory. A request cannot name anything
// outside of it, and a file that a deployment replaces halfway through is served
// whole: each answer is of one version.
type files struct{ root *os.Root }

func (s files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d, err := mmapguard.MapFileIn(s.root, r.PathValue("name"), mmapguard.WithGuarantee(mmapguard.Enforced))
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, mmapguard.ErrNotRegular):
		http.NotFound(w, r)
		return
	case errors.Is(err, mmapguard.ErrLocked):
		w.Header().Set("Retry-After", "1")
		http.Error(w, "the file is being written", http.StatusServiceUnavailable)
		return
	case err != nil:
		http.Error(w, "the file cannot be read", http.StatusInternalServerError)
		return
	}
	defer func() { _ = d.Close() }()
	// The name may stand for a newer file by now, and so its time is not asked for.
	http.ServeContent(w, r, r.PathValue("name"), time.Time{}, d.NewReader())
}

// ANCHOR_END: recipe

func Example_http() {
	path, remove := newFile("page.txt", []byte("served from a mapping\n"))
	defer remove()
	root, err := os.OpenRoot(filepath.Dir(path))
	must(err)
	defer func() { _ = root.Close() }()

	mux := http.NewServeMux()
	mux.Handle("GET /{name...}", files{root})
	server := httptest.NewServer(mux)
	defer server.Close()

	for _, name := range []string{"/page.txt", "/missing"} {
		answer, err := http.Get(server.URL + name)
		must(err)
		text, err := io.ReadAll(answer.Body)
		must(errors.Join(err, answer.Body.Close()))
		fmt.Printf("%d %s", answer.StatusCode, text)
	}
	// Output:
	// 200 served from a mapping
	// 404 404 page not found
}
