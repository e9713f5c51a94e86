package mmapguard_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/mmapguard/go/mmapguard"
)

var page = os.Getpagesize()

// The files of the tests say in every byte where it belongs, so that a byte of
// another file or another offset is recognised. Each word of eight bytes is the
// file's number, the inode's generation, the generation of a rewrite in place,
// and the word's index in five digits of seven bits. No byte is ever zero: zero
// is what a truncation leaves.
const wordSize = 8

func fill(b []byte, off int64, file, inode, rewrite byte) {
	for i := range b {
		b[i] = byteAt(off+int64(i), file, inode, rewrite)
	}
}

func byteAt(off int64, file, inode, rewrite byte) byte {
	switch k := off % wordSize; k {
	case 0:
		return file
	case 1:
		return inode
	case 2:
		return rewrite
	default:
		return 0x80 | byte(off/wordSize>>(7*(k-3)))
	}
}

func contents(n int, file byte) []byte {
	b := make([]byte, n)
	fill(b, 0, file, 1, 1)
	return b
}

// misplaced is the index of the first byte that neither is zero nor belongs to
// the given file at its offset, or -1. The inode's generation may be any, but
// has to be one; it is kept in *inode.
func misplaced(b []byte, off int64, file byte, inode *byte) int {
	for i, got := range b {
		at := off + int64(i)
		if got == 0 || at%wordSize == 2 {
			continue
		}
		if at%wordSize == 1 && *inode == 0 {
			*inode = got
		}
		if got != byteAt(at, file, *inode, 1) {
			return i
		}
	}
	return -1
}

// newFile makes a file of n bytes, number 1, in a directory of the test's own.
func newFile(t testing.TB, n int) string { return newFileNo(t, n, 1) }

func newFileNo(t testing.TB, n int, file byte) string {
	t.Helper()
	return writeFile(t, filepath.Join(t.TempDir(), "data.bin"), contents(n, file))
}

func writeFile(t testing.TB, path string, b []byte) string {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// newSparse makes a file of n bytes, all hole.
func newSparse(t testing.TB, n int64) string {
	t.Helper()
	path := writeFile(t, filepath.Join(t.TempDir(), "sparse.bin"), nil)
	if err := os.Truncate(path, n); err != nil {
		t.Fatal(err)
	}
	return path
}

// mapFile maps a file that must map, until the test ends.
func mapFile(t testing.TB, path string, opts ...mmapguard.Option) *mmapguard.FileData {
	t.Helper()
	d, err := mmapguard.MapFile(path, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// closeOK closes a handle that must close.
func closeOK(t testing.TB, d *mmapguard.FileData) {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
}

// wantErr checks an error's class, and that it is a *fs.PathError that names
// the file.
func wantErr(t testing.TB, err, class error, name string) {
	t.Helper()
	if !errors.Is(err, class) {
		t.Fatalf("error %v, want one that is %v", err, class)
	}
	var path *fs.PathError
	if !errors.As(err, &path) {
		t.Fatalf("error %v is a %T, want a *fs.PathError", err, err)
	}
	if path.Path != name || !strings.Contains(err.Error(), name) {
		t.Errorf("error %q is about %q, want it to name %q", err, path.Path, name)
	}
}

// faultMode is the calling goroutine's answer to faults: true is a panic.
func faultMode() bool {
	old := debug.SetPanicOnFault(false)
	debug.SetPanicOnFault(old)
	return old
}

// touch reads a byte in a way that the compiler cannot leave out.
func touch(b []byte, i int) byte {
	v := b[i]
	runtime.KeepAlive(v)
	return v
}

// during makes do happen once, at the given step of the next opening.
func during(t testing.TB, at mmapguard.Step, do func()) {
	t.Helper()
	done := false
	t.Cleanup(mmapguard.SetStep(func(s mmapguard.Step) {
		if s == at && !done {
			done = true
			do()
		}
	}))
}

// collectUntil runs the collector until the condition holds. Cleanups run some
// time after a collection, so there is no number of them that is sure to do;
// the limit turns a condition that never holds into a failure.
func collectUntil(condition func() bool) bool {
	for range 500 {
		runtime.GC()
		if condition() {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return false
}
