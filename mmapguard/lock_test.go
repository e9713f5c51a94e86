package mmapguard_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

func TestLockLastsFromOpenToClose(t *testing.T) {
	path := newFile(t, page)
	if lockedByUs(t, path) {
		t.Fatal("locked before it was opened")
	}
	d := mapFile(t, path)
	if !lockedByUs(t, path) {
		t.Error("another process got an exclusive lock on a mapped file")
	}
	closeOK(t, d)
	if lockedByUs(t, path) {
		t.Error("the lock is still held after Close")
	}
}

func TestLockIsShared(t *testing.T) {
	path := newFile(t, page)
	first, second := mapFile(t, path), mapFile(t, path)
	closeOK(t, first)
	if !lockedByUs(t, path) {
		t.Error("closing one handle gave up the lock of the other")
	}
	closeOK(t, second)
	if lockedByUs(t, path) {
		t.Error("the lock is still held after both Closes")
	}
}

func TestLockLastsThroughAViewThatOutlivesClose(t *testing.T) {
	path := newFile(t, page)
	d := mapFile(t, path)
	err := d.View(func(b []byte) error {
		closeOK(t, d)
		if !lockedByUs(t, path) {
			t.Error("Close gave up the lock under a running View")
		}
		touch(b, 0)
		return nil
	})
	if err != nil {
		t.Errorf("View: %v", err)
	}
	if lockedByUs(t, path) {
		t.Error("the lock is still held after the last View")
	}
}

func TestLockOfADroppedHandleIsGivenUp(t *testing.T) {
	path := newFile(t, page)
	func() {
		d, err := mmapguard.MapFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !lockedByUs(t, path) {
			t.Error("not locked")
		}
		runtime.KeepAlive(d)
	}()
	if !collectUntil(func() bool { return !lockedByUs(t, path) }) {
		t.Error("the lock of a dropped handle is still held")
	}
}

func TestExclusiveLockOfAnotherProcessIsErrLockedAtOnce(t *testing.T) {
	path := newFile(t, page)
	attack(t, "lock", path)
	_, err := mmapguard.MapFile(path)
	wantErr(t, err, mmapguard.ErrLocked, path)
	_, err = mmapguard.MapOpenFile(openRaw(t, path))
	wantErr(t, err, mmapguard.ErrLocked, path)
	attack(t, "unlock", path)
	mapFile(t, path)
}

func TestExclusiveLockTakenDuringOpenIsErrLocked(t *testing.T) {
	path := newFile(t, page)
	during(t, mmapguard.BeforeLock, func() { attack(t, "lock", path) })
	_, err := mmapguard.MapFile(path)
	wantErr(t, err, mmapguard.ErrLocked, path)
	attack(t, "unlock", path)
}

func TestLockHoldsWhenTheMapIsMade(t *testing.T) {
	path := newFile(t, page)
	during(t, mmapguard.BeforeMap, func() {
		if !lockedByUs(t, path) {
			t.Error("not locked before the map")
		}
	})
	mapFile(t, path)
}

// A failed open leaves no lock.
func TestFailedOpenGivesTheLockUp(t *testing.T) {
	path := newFile(t, page)
	_, err := mmapguard.MapFile(path, mmapguard.WithMaxSize(1))
	wantErr(t, err, mmapguard.ErrTooLarge, path)
	if lockedByUs(t, path) {
		t.Error("a failed open left its lock")
	}
}

// The lock is on what is mapped, whatever happens to the name meanwhile.
func TestNameReplacedDuringOpen(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a system that replaces open files")
	}
	for _, at := range []mmapguard.Step{mmapguard.BeforeLock, mmapguard.AfterLock, mmapguard.BeforeMap, mmapguard.AfterMap} {
		path := newFile(t, page)
		old := filepath.Join(t.TempDir(), "old.bin")
		if err := os.Link(path, old); err != nil {
			t.Fatal(err)
		}
		fresh := writeFile(t, path+".new", contents(page, 2))
		during(t, at, func() { attack(t, "replace", path, fresh) })
		d, err := mmapguard.MapFile(path)
		if err != nil {
			wantErr(t, err, mmapguard.ErrReplaced, path)
			continue
		}
		checkConsistent(t, d, old, path)
		closeOK(t, d)
	}
}

// A lock on the file that took the name is none on the file that is open.
func TestNameReplacedByLockedFileDuringOpen(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs a system that opens a descriptor's file again: Linux")
	}
	path := newFile(t, page)
	fresh := writeFile(t, path+".new", contents(page, 2))
	attack(t, "lock", fresh)
	during(t, mmapguard.BeforeLock, func() { attack(t, "replace", path, fresh) })
	d := mapFile(t, path)
	got := make([]byte, page)
	if _, err := d.ReadAt(got, 0); err != nil || !bytes.Equal(got, contents(page, 1)) {
		t.Errorf("not the bytes of the file that was opened; error %v", err)
	}
}

// checkConsistent checks that the inode that is mapped is the one that is
// locked: the old one, of which the bytes are.
func checkConsistent(t *testing.T, d *mmapguard.FileData, old, fresh string) {
	t.Helper()
	p := make([]byte, page)
	if _, err := d.ReadAt(p, 0); err != nil {
		t.Fatal(err)
	}
	inode := byte(0)
	if at := misplaced(p, 0, 1, &inode); at >= 0 {
		t.Errorf("byte %d is not of the file that was opened", at)
	}
	if !lockedByUs(t, old) || lockedByUs(t, fresh) {
		t.Errorf("locked: the mapped inode %v, the one now of that name %v", lockedByUs(t, old), lockedByUs(t, fresh))
	}
}
