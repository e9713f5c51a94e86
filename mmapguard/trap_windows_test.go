package mmapguard_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/windows"

	"github.com/mmapguard/go/mmapguard"
)

// Offsets of a view are multiples of 64 KiB, whatever a page is.
func TestTrap11_RangesBetweenGranules(t *testing.T) {
	const granule = 64 << 10
	path := newFile(t, 3*granule)
	all := contents(3*granule, 1)
	for _, off := range []int64{page4K, granule - 1, granule, granule + page4K, 2*granule + 7} {
		d := mapFile(t, path, mmapguard.WithRange(off, 100))
		wantContents(t, d, all[off:off+100])
		closeOK(t, d)
	}
}

const page4K = 4 << 10

// What takes the bytes away elsewhere is refused here, as long as the file is
// mapped, and not longer.
func TestTrap11_MappedFileCannotBeTakenAway(t *testing.T) {
	for name, deed := range map[string][]string{
		"truncate": {"truncate", "", "1"},
		"delete":   {"unlink", ""},
		"replace":  {"replace", ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := newFile(t, page)
			deed[1] = path
			if name == "replace" {
				deed = append(deed, writeFile(t, filepath.Join(t.TempDir(), "new"), contents(page, 2)))
			}
			d := mapFile(t, path)
			if _, err := theAttacker.do(deed...); err == nil {
				t.Errorf("%s of a mapped file was possible", name)
			}
			wantContents(t, d, contents(page, 1))
			closeOK(t, d)
			attack(t, deed...)
		})
	}
}

func TestErrLockedIsERROR_LOCK_VIOLATION(t *testing.T) {
	for name, err := range sentinels {
		if got := errors.Is(err, windows.ERROR_LOCK_VIOLATION); got != (name == "ErrLocked") {
			t.Errorf("errors.Is(%s, ERROR_LOCK_VIOLATION) is %v", name, got)
		}
	}
}

// A stale slice meets a reservation: an access violation with its address.
func TestStaleBytesFault(t *testing.T) {
	d := mapFile(t, newFile(t, page))
	b := d.Bytes()
	closeOK(t, d)
	var info windows.MemoryBasicInformation
	if err := windows.VirtualQuery(addressOf(b), &info, memoryInfoSize); err != nil {
		t.Fatal(err)
	}
	if info.State != windows.MEM_RESERVE {
		t.Errorf("the range of a closed handle is in state %#x, want it reserved", info.State)
	}
}

func TestOpenFileOfAWriterIsForReadingOnly(t *testing.T) {
	path := newFile(t, page)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	d, err := mmapguard.MapOpenFile(f)
	if err != nil {
		t.Fatal(err)
	}
	wantContents(t, d, contents(page, 1))
	var old uint32
	if err := windows.VirtualProtect(addressOf(d.Bytes()), uintptr(page), windows.PAGE_READWRITE, &old); err == nil {
		t.Error("the view of a read-only section was made writable")
	}
	closeOK(t, d)
}
