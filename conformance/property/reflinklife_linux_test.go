package property

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

// later are things that can happen to the original after it was cloned.
var later = []struct {
	name string
	do   func(path string, size int) error
}{
	{"rewritten", func(path string, size int) error {
		return onFile(path, func(f *os.File) error { return writeAll(f, version(size, 2), 0) })
	}},
	{"stored to through a map", func(path string, size int) error {
		return onFile(path, func(f *os.File) error {
			b, err := unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
			if err != nil {
				return err
			}
			setVersion(b, 3)
			if err := unix.Msync(b, unix.MS_SYNC); err != nil {
				return err
			}
			return unix.Munmap(b)
		})
	}},
	{"punched", func(path string, size int) error {
		return onFile(path, func(f *os.File) error {
			return unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, 0, int64(size/2))
		})
	}},
	{"cloned over", func(path string, size int) error {
		other := path + ".other"
		if err := os.WriteFile(other, version(size, 4), 0o600); err != nil {
			return err
		}
		from, err := os.Open(other)
		if err != nil {
			return err
		}
		defer func() { _ = from.Close() }()
		return onFile(path, func(f *os.File) error { return unix.IoctlFileClone(int(f.Fd()), int(from.Fd())) })
	}},
	{"cut", func(path string, size int) error { return os.Truncate(path, int64(size/3)) }},
	{"grown", func(path string, size int) error { return os.Truncate(path, int64(2*size)) }},
	{"emptied", func(path string, _ int) error { return os.Truncate(path, 0) }},
	{"removed", func(path string, _ int) error { return os.Remove(path) }},
}

func onFile(path string, do func(f *os.File) error) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := do(f); err != nil {
		_ = f.Close() // the first error says more
		return err
	}
	return f.Close()
}

// What happens to the original later does not show in the clone, also on pages
// that nobody looked at before.
func TestReflinkDependsOnNothing(t *testing.T) {
	dir := needReflink(t)
	const size = 1 << 20
	want := version(size, 1)
	for _, change := range later {
		t.Run(change.name, func(t *testing.T) {
			path := filepath.Join(dir, "file")
			if err := os.WriteFile(path, want, 0o600); err != nil {
				t.Fatal(err)
			}
			d, err := takeSnapshot(path, mmapguard.MechanismReflink)
			if err != nil {
				t.Fatal(err)
			}
			if err := change.do(path, size); err != nil {
				t.Fatal(err)
			}
			check(t, d.View(func(b []byte) error {
				if !bytes.Equal(b, want) {
					t.Errorf("the clone is %s", runs(b))
				}
				return nil
			}))
			check(t, d.Close())
		})
	}
}

// freeBytes is what the file system has free, once it has done what it was
// putting off.
func freeBytes(t *testing.T, dir string) int64 {
	t.Helper()
	f, err := os.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer closeFile(t, f)
	check(t, unix.Syncfs(int(f.Fd())))
	var st unix.Statfs_t
	check(t, unix.Fstatfs(int(f.Fd()), &st))
	return int64(st.Bfree) * int64(st.Bsize) //nolint:unconvert // 32 bits wide on 386
}

// waitForFree waits until the free space is as wanted; file systems free blocks
// when it suits them.
func waitForFree(t *testing.T, dir, what string, wanted func(free int64) bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		free := freeBytes(t, dir)
		if wanted(free) {
			t.Logf("%s: %d MiB free", what, free>>20)
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: still %d MiB free after a minute", what, free>>20)
		}
	}
}

// The private file takes space of its own once the original is rewritten, and
// Close gives it back: nothing else holds the file.
func TestReflinkIsGoneAfterClose(t *testing.T) {
	dir := needReflink(t)
	const size, slack = 64 << 20, 8 << 20
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, version(size, 1), 0o600); err != nil {
		t.Fatal(err)
	}
	before := freeBytes(t, dir)
	d, err := takeSnapshot(path, mmapguard.MechanismReflink)
	if err != nil {
		t.Fatal(err)
	}
	if free := freeBytes(t, dir); free < before-slack {
		t.Errorf("the clone alone took %d MiB", (before-free)>>20)
	}
	if err := os.WriteFile(path, version(size, 2), 0o600); err != nil {
		t.Fatal(err)
	}
	waitForFree(t, dir, "original rewritten", func(free int64) bool { return free < before-size+slack })
	check(t, d.Close())
	waitForFree(t, dir, "clone closed", func(free int64) bool { return free > before-slack })
}
