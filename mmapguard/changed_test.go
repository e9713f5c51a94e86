//go:build unix && !aix

package mmapguard_test

import (
	"os"
	"testing"
	"time"

	"github.com/mmapguard/go/mmapguard"
)

func TestChanged(t *testing.T) {
	for name, deed := range map[string]func(t *testing.T, path string){
		"write":    func(t *testing.T, path string) { attack(t, "write", path, "5", "x") },
		"append":   func(t *testing.T, path string) { truncate(t, path, int64(page)+1) },
		"truncate": func(t *testing.T, path string) { truncate(t, path, 1) },
		"mtime": func(t *testing.T, path string) {
			if err := os.Chtimes(path, time.Time{}, time.Unix(1, 0)); err != nil {
				t.Fatal(err)
			}
		},
		"mode, which is ctime": func(t *testing.T, path string) {
			if err := os.Chmod(path, 0o640); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := newFile(t, page)
			d := mapFile(t, path)
			if changed(t, d) {
				t.Fatal("changed before anything happened")
			}
			eventually(t, func() { deed(t, path) }, func() bool { return changed(t, d) })
		})
	}
}

// mtime can be set back; ctime tells all the same.
func TestChangedTellsARewriteWithItsTimeSetBack(t *testing.T) {
	path := newFile(t, page)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	d := mapFile(t, path)
	eventually(t, func() {
		attack(t, "write", path, "0", "x")
		if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
			t.Fatal(err)
		}
	}, func() bool { return changed(t, d) })
}

// A file that lost its name is described by the inode that is mapped, not by
// what has the name now.
func TestChangedIsAboutTheInodeThatWasOpened(t *testing.T) {
	path := newFile(t, page)
	f := openRaw(t, path)
	attack(t, "unlink", path)
	d, err := mmapguard.MapOpenFile(f)
	if err != nil {
		t.Skip("needs a way to open a file that has no name: ", err)
	}
	t.Cleanup(func() { _ = d.Close() })
	writeFile(t, path, contents(2*page, 2))
	attack(t, "write", path, "0", "x")
	if changed(t, d) {
		t.Error("Changed looks at another file of that name")
	}
	wantContents(t, d, contents(page, 1))
}

// Losing its name is no change of a file's bytes, but of its link count, and so
// of its ctime; ctime is what cannot be set back, so Changed errs on that side.
func TestChangedTellsAReplacedName(t *testing.T) {
	path := newFile(t, page)
	d := mapFile(t, path)
	writeFile(t, path+".new", contents(2*page, 2))
	awaitTick(t, path)
	// Once only: another time it would be another file that loses its name.
	attack(t, "replace", path, path+".new")
	if !changed(t, d) {
		t.Error("it does not show that the file has lost its name")
	}
	wantContents(t, d, contents(page, 1))
}

// awaitTick waits until a change to the file would be stamped with another time
// than its last one: the clock that stamps files stands still for up to 10 ms.
func awaitTick(t *testing.T, path string) {
	t.Helper()
	last, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	probe := path + ".tick"
	eventually(t, func() { writeFile(t, probe, nil) }, func() bool {
		now, err := os.Stat(probe)
		if err != nil {
			t.Fatal(err)
		}
		return now.ModTime().After(last.ModTime())
	})
}

func TestReadingIsNoChange(t *testing.T) {
	path := newFile(t, page)
	d := mapFile(t, path, mmapguard.WithPopulate())
	wantContents(t, d, contents(page, 1))
	if _, err := os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	if changed(t, d) {
		t.Error("reading changed the file")
	}
}
