package confine_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/mmapguard/go/mmapguard"
	"github.com/mmapguard/go/mmapguard/confine"
)

func init() { roles["example"] = example }

// ANCHOR: recipe

// countLines counts the lines of a file that nobody vouches for. Whatever its
// bytes make the program do, it can read dir from here on, and nothing else.
func countLines(dir, name string) (lines int, err error) {
	if _, err := confine.Dir(dir); err != nil {
		return 0, err // this kernel cannot; nothing has been restricted
	}
	d, err := mmapguard.MapFile(filepath.Join(dir, name))
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()

	err = d.View(func(b []byte) error {
		lines = bytes.Count(b, []byte("\n"))
		return nil
	})
	return lines, err
}

// ANCHOR_END: recipe

// example runs what the book shows, and then tries to read something else.
func example(dir string, args []string) error {
	lines, err := countLines(dir, args[0])
	if err != nil {
		return err
	}
	fmt.Println(lines, "lines")
	if _, err := os.ReadFile("/proc/version"); !errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("reading elsewhere: %w", err)
	}
	return nil
}

// The example of the book does what it says, as it stands there.
func TestExampleOfTheBook(t *testing.T) {
	if k := confine.Kernel(); !k.Landlock.Active || !k.Seccomp.Active {
		t.Skip("this kernel cannot confine:", k)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "notes"), []byte("one\ntwo\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := run(t, "example", "none", dir, "notes"); got != "2 lines\ndone" {
		t.Error(got)
	}
}
