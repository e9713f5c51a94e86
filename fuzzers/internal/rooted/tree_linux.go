package rooted

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// secret is what the file outside of the root holds.
const secret = "outside: secret"

// Tree is a root, as it is on disk and in memory, beside a folder that must not
// be reached.
type Tree struct {
	root    *os.Root
	path    string
	outside string
	model   *node
	words   *strings.Replacer
}

// New makes the tree in a folder.
func New(dir string) (*Tree, error) {
	t := &Tree{path: filepath.Join(dir, "root"), outside: filepath.Join(dir, "outside")}
	t.model, t.words = &node{children: map[string]*node{}}, t.spelling()
	err := errors.Join(os.Mkdir(t.path, 0o700), os.Mkdir(t.outside, 0o700),
		os.WriteFile(filepath.Join(t.outside, "secret"), []byte(secret), 0o600))
	if err != nil {
		return nil, err
	}
	if err := t.plant(); err != nil {
		return nil, err
	}
	t.root, err = os.OpenRoot(t.path)
	return t, err
}

// plant makes what is always there.
func (t *Tree) plant() error {
	return errors.Join(
		t.file("file", "inside: file"), t.file("empty", ""),
		t.folder("dir"), t.file("dir/file", "inside: dir/file"),
		t.folder("dir/deep"), t.file("dir/deep/file", "inside: dir/deep/file"),
		t.pipe("pipe"),
		t.Link("link", "file"), t.Link("dir/up", ".."), t.Link("dir/deep/top", "../.."),
		t.Link("loop", "loop"), t.Link("nowhere", "not/there"),
		t.Link("out", "../outside/secret"), t.Link("away", "../outside"),
		t.Link("absolute", filepath.Join(t.outside, "secret")),
	)
}

// put places a node at a path of folders and a name, unless the same link is
// there already.
func (t *Tree) put(path string, n *node) (placed bool) {
	at := t.model
	parts := strings.Split(path, "/")
	for _, part := range parts[:len(parts)-1] {
		at = at.children[part]
	}
	name := parts[len(parts)-1]
	if there := at.children[name]; there != nil && there.target == n.target {
		return false
	}
	n.parent = at
	at.children[name] = n
	return true
}

func (t *Tree) file(path, content string) error {
	t.put(path, &node{content: content})
	return os.WriteFile(filepath.Join(t.path, path), []byte(content), 0o600)
}

func (t *Tree) folder(path string) error {
	t.put(path, &node{children: map[string]*node{}})
	return os.Mkdir(filepath.Join(t.path, path), 0o700)
}

func (t *Tree) pipe(path string) error {
	t.put(path, &node{special: true})
	return unix.Mkfifo(filepath.Join(t.path, path), 0o600)
}

// Link makes a link, in place of the one there.
func (t *Tree) Link(path, target string) error {
	if !t.put(path, &node{target: target}) {
		return nil
	}
	full := filepath.Join(t.path, path)
	if err := os.Remove(full); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return os.Symlink(target, full)
}
