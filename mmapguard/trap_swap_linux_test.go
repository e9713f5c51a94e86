package mmapguard_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

// unblocked runs open, which must not wait for a writer of the pipe at path. An
// open that waits would wait for ever, so any limit tells the two apart; the
// pipe's other end is then opened to let it go.
func unblocked(t *testing.T, path string, open func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- open() }()
	select {
	case err := <-done:
		return err
	case <-time.After(20 * time.Second):
		t.Error("the open waits for a writer of the pipe")
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		return <-done
	}
}

func TestTrap14_PipeByThatNameDoesNotBlock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	attack(t, "fifo", path)
	err := unblocked(t, path, func() error { _, err := mmapguard.MapFile(path); return err })
	wantErr(t, err, mmapguard.ErrNotRegular, path)
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	err = unblocked(t, path, func() error { _, err := mmapguard.MapFileIn(root, "pipe"); return err })
	wantErr(t, err, mmapguard.ErrNotRegular, path)
}

// The pipe takes the file's place between the open and the lock's open, or
// later.
func TestTrap14_PathSwappedForAPipeDuringOpen(t *testing.T) {
	for _, at := range []mmapguard.Step{mmapguard.BeforeLock, mmapguard.AfterLock, mmapguard.BeforeMap, mmapguard.AfterMap} {
		path := newFile(t, page)
		during(t, at, func() { attack(t, "fifo", path) })
		err := unblocked(t, path, func() error {
			d, err := mmapguard.MapFile(path)
			return errors.Join(err, closeIf(d))
		})
		if err != nil {
			wantErr(t, err, mmapguard.ErrReplaced, path)
		}
	}
}

// The name of a file that is open leads to a pipe by now: it is not asked.
func TestTrap14_PathOfAnOpenFileSwappedForAPipe(t *testing.T) {
	path := newFile(t, page)
	f := openRaw(t, path)
	attack(t, "fifo", path)
	err := unblocked(t, path, func() error {
		d, err := mmapguard.MapOpenFile(f)
		return errors.Join(err, closeIf(d))
	})
	if err != nil {
		t.Error(err)
	}
}

func closeIf(d *mmapguard.FileData) error {
	if d == nil {
		return nil
	}
	return d.Close()
}

// withoutProc plays a role that changes its root to a directory without /proc,
// where a file can be locked by its name alone.
func withoutProc(t *testing.T, name string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root, to change the root directory")
	}
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "data.bin"), contents(page, 1))
	runOK(t, name, dir)
}

// insideRoot runs fn with the directory as the root, and returns to the old
// one, which is what only an open descriptor allows.
func insideRoot(dir string, fn func() error) error {
	old, err := os.Open("/")
	if err != nil {
		return err
	}
	if err := errors.Join(os.Chdir(dir), unix.Chroot(".")); err != nil {
		return err
	}
	return errors.Join(fn(), old.Chdir(), unix.Chroot("."), old.Close())
}

// swapped opens /data.bin in the new root while swap happens before the lock,
// and wants ErrReplaced.
func swapped(dir string, swap func(path string) error) error {
	return insideRoot(dir, func() error { return swappedInside("/data.bin", swap) })
}

func swappedInside(path string, swap func(path string) error) error {
	//guardvet:ignore neverclosed the process ends with the error
	d, err := mmapguard.MapFile(path)
	if err != nil {
		return fmt.Errorf("without /proc: %w", err)
	}
	if answer, err := tryLock(path, nil); err != nil || answer != "busy" {
		return errors.Join(fmt.Errorf("without /proc the lock is %s", answer), err)
	}
	if err := d.Close(); err != nil {
		return err
	}
	var swapErr error
	mmapguard.SetStep(func(s mmapguard.Step) {
		if s == mmapguard.BeforeLock {
			swapErr = swap(path)
		}
	})
	before, err := nextDescriptor()
	if err != nil {
		return err
	}
	_, err = mmapguard.MapFile(path)
	if swapErr != nil || !errors.Is(err, mmapguard.ErrReplaced) {
		return errors.Join(errors.New("want ErrReplaced"), err, swapErr)
	}
	after, err := nextDescriptor()
	if err == nil && after != before {
		err = fmt.Errorf("the next descriptor is %d, it was %d", after, before)
	}
	return err
}

// nextDescriptor is the number of the next descriptor; where there is no /proc
// to count them, it grows with what leaks.
func nextDescriptor() (int, error) {
	fd, err := unix.Dup(0)
	if err != nil {
		return 0, err
	}
	return fd, unix.Close(fd)
}

var _ = role("swap for pipe", func(args []string) error {
	return swapped(args[0], func(path string) error {
		_, err := deeds["fifo"](path, nil)
		return err
	})
})

var _ = role("swap for file", func(args []string) error {
	return swapped(args[0], func(path string) error {
		return errors.Join(os.WriteFile(path+".new", contents(page, 2), 0o600), os.Rename(path+".new", path))
	})
})

// A lock must never make a file: gofrs/flock would by default.
var _ = role("swap for nothing", func(args []string) error {
	err := swapped(args[0], os.Remove)
	if _, statErr := os.Lstat(filepath.Join(args[0], "data.bin")); !errors.Is(statErr, fs.ErrNotExist) {
		return errors.Join(err, errors.New("the lock made a file"), statErr)
	}
	return err
})

func TestTrap14_NameSwappedForAPipeWithoutProc(t *testing.T) { withoutProc(t, "swap for pipe") }
func TestNameReplacedWithoutProc(t *testing.T)               { withoutProc(t, "swap for file") }
func TestTrap17_LockMakesNoFile(t *testing.T)                { withoutProc(t, "swap for nothing") }
