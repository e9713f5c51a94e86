package recipes_test

import (
	"archive/zip"
	"bytes"
	"log"
	"os"
	"path/filepath"
)

// must ends an example that could not be set up.
func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// newFile is a file with the given bytes, and a function that removes it.
func newFile(name string, data []byte) (path string, remove func()) {
	dir, err := os.MkdirTemp("", "recipe-")
	must(err)
	path = filepath.Join(dir, name)
	must(os.WriteFile(path, data, 0o600))
	return path, func() { _ = os.RemoveAll(dir) }
}

// zipped is an archive with one member.
func zipped(member, text string) []byte {
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	f, err := w.Create(member)
	must(err)
	_, err = f.Write([]byte(text))
	must(err)
	must(w.Close())
	return buf.Bytes()
}
