//go:build unix && !aix

package mmapguard_test

import (
	"errors"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mmapguard/go/mmapguard"
)

func changed(t *testing.T, d *mmapguard.FileData) bool {
	t.Helper()
	got, err := d.Changed()
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// eventually repeats a deed until it shows: file times move by the kernel's
// clock tick, so a deed within the tick of the open cannot show.
func eventually(t *testing.T, deed func(), shows func() bool) {
	t.Helper()
	for range 400 {
		deed()
		if shows() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Error("it never showed")
}

func TestTrap05_ShrinkWithinTheLastPageReadsZerosAndIsChanged(t *testing.T) {
	path := newFile(t, page)
	d := mapFile(t, path)
	if changed(t, d) {
		t.Fatal("changed before anything happened")
	}
	truncate(t, path, 16)
	p := make([]byte, 32)
	if n, err := d.ReadAt(p, 0); n != 32 || err != nil {
		t.Fatalf("ReadAt: %d, %v", n, err)
	}
	want := append(contents(16, 1), make([]byte, 16)...)
	if string(p) != string(want) {
		t.Errorf("read %x, want %x: no fault tells of a shrink within a page", p, want)
	}
	if !changed(t, d) {
		t.Error("Changed does not tell of the shrink")
	}
}

func TestTrap05_RewriteInPlaceDoesNotFaultAndIsChanged(t *testing.T) {
	path := newFile(t, page)
	d := mapFile(t, path)
	eventually(t, func() { attack(t, "write", path, "0", "rewritten") }, func() bool { return changed(t, d) })
	p := make([]byte, 9)
	if n, err := d.ReadAt(p, 0); n != 9 || err != nil || string(p) != "rewritten" {
		t.Errorf("ReadAt: %d, %v, %q", n, err, p)
	}
}

// rawFault reads a byte of a raw mapping, and tells whether that faulted.
func rawFault(b []byte, i int) (faulted bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() { faulted = recover() != nil }()
	touch(b, i)
	return false
}

// A private map is no private copy, so the library neither makes one nor calls
// what it makes isolated.
func TestTrap06_PrivateMapIsNotIsolation(t *testing.T) {
	path := newFile(t, 2*page)
	f := openRaw(t, path)
	b, err := syscall.Mmap(int(f.Fd()), 0, 2*page, syscall.PROT_READ, syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Munmap(b) }()
	attack(t, "write", path, "8", "seen")
	if got := string(b[8:12]); got != "seen" {
		t.Errorf("a private map shows %q, want the other process's bytes", got)
	}
	truncate(t, path, int64(page))
	if !rawFault(b, page) {
		t.Error("a private map did not fault after a truncation")
	}
	d := mapFile(t, path)
	if d.Guarantee() != mmapguard.Cooperative || d.Mechanism() != mmapguard.MechanismFlock {
		t.Errorf("a map under a lock is called %v by %v", d.Guarantee(), d.Mechanism())
	}
}

// Populating asks the pages themselves: mincore(2) may call pages resident
// that are gone.
func TestTrap07_PopulateTouchesPagesInsteadOfAskingForThem(t *testing.T) {
	path := newFile(t, 3*page)
	d := mapFile(t, path)
	if err := mmapguard.Populate(d); err != nil {
		t.Fatal(err)
	}
	truncate(t, path, int64(page))
	wantFault(t, mmapguard.Populate(d), "populate", path, int64(page))
	truncate(t, path, int64(3*page))
	if err := mmapguard.Populate(d); err != nil {
		t.Errorf("after the file grew again: %v", err)
	}
}

// The last byte counts as well, where the data does not start on a page.
func TestTrap07_PopulateTouchesTheLastPage(t *testing.T) {
	path := newFile(t, 3*page)
	off := int64(page) - 8
	d := mapFile(t, path, mmapguard.WithRange(off, int64(page)+16))
	truncate(t, path, int64(2*page))
	wantFault(t, mmapguard.Populate(d), "populate", path, int64(page)+15)
}

func TestPopulateReadsHolesAsZeros(t *testing.T) {
	d := mapFile(t, newSparse(t, int64(64*page)), mmapguard.WithPopulate())
	p := make([]byte, 64*page)
	if n, err := d.ReadAt(p, 0); n != len(p) || err != nil || strings.Trim(string(p), "\x00") != "" {
		t.Errorf("a hole reads as %d bytes, %v", n, err)
	}
}

func TestPopulateOfAFileThatShrinksDuringOpen(t *testing.T) {
	path := newFile(t, 3*page)
	during(t, mmapguard.AfterMap, func() { truncate(t, path, int64(page)) })
	_, err := mmapguard.MapFile(path, mmapguard.WithPopulate())
	wantErr(t, err, mmapguard.ErrChanged, path)
	if errors.Is(err, mmapguard.ErrFault) {
		t.Error("the shrink was found by a fault only")
	}
}
