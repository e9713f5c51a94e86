// Package repo finds in a working copy what an assurance case can cite: tests,
// conformance cases, linters, jobs, recipes, unsafe expressions, dependencies,
// system calls. It reads the sources themselves, so that a citation of
// something that was renamed or deleted cannot go unnoticed.
package repo

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing/fstest"
)

// Tree is a working copy, some files of which may be replaced without being
// touched: that is how a mutant is looked at.
type Tree struct {
	Root    string // absolute
	overlay fstest.MapFS
}

// Open is the working copy that a folder belongs to.
func Open(folder string) (*Tree, error) {
	root, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	for dir := root; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return &Tree{Root: dir}, nil
		}
		if dir == filepath.Dir(dir) {
			return nil, fmt.Errorf("%s is not inside a working copy: no folder above it has a go.work", root)
		}
	}
}

// With is the tree with a file replaced or added.
func (t *Tree) With(name string, text []byte) *Tree {
	changed := fstest.MapFS{}
	for known, file := range t.overlay {
		changed[known] = file
	}
	changed[name] = &fstest.MapFile{Data: text, Mode: 0o644}
	return &Tree{t.Root, changed}
}

// Replaced lists the files that are not those on the disk.
func (t *Tree) Replaced() map[string][]byte {
	replaced := map[string][]byte{}
	for name, file := range t.overlay {
		replaced[name] = file.Data
	}
	return replaced
}

// Path is a file's name on the disk.
func (t *Tree) Path(name string) string { return filepath.Join(t.Root, filepath.FromSlash(name)) }

// Open implements fs.FS.
func (t *Tree) Open(name string) (fs.File, error) {
	if _, ok := t.overlay[name]; ok {
		return t.overlay.Open(name)
	}
	return os.DirFS(t.Root).Open(name)
}

// ReadFile implements fs.ReadFileFS.
func (t *Tree) ReadFile(name string) ([]byte, error) {
	if file, ok := t.overlay[name]; ok {
		return bytes.Clone(file.Data), nil
	}
	return fs.ReadFile(os.DirFS(t.Root), name)
}

// ReadDir implements fs.ReadDirFS, with the files that were added.
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(os.DirFS(t.Root), name)
	for added := range t.overlay {
		known := func(e fs.DirEntry) bool { return e.Name() == path.Base(added) }
		if path.Dir(added) == name && !slices.ContainsFunc(entries, known) {
			info, statErr := fs.Stat(t.overlay, added)
			if statErr != nil {
				return nil, statErr
			}
			entries = append(entries, fs.FileInfoToDirEntry(info))
		}
	}
	return entries, err
}

// notSource are folders without sources of this repository.
var notSource = []string{".git", ".cache", "node_modules", "testdata", "vendor"}

// goFiles lists the Go files of the repository, in no order.
func (t *Tree) goFiles() (names []string, err error) {
	err = fs.WalkDir(t, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains(notSource, entry.Name()):
			return fs.SkipDir
		case !entry.IsDir() && strings.HasSuffix(name, ".go"):
			names = append(names, name)
		}
		return nil
	})
	return names, err
}
