package mmapguard_test

import (
	"io"
	"io/fs"
	"os"
	"runtime"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

func TestMapOpenFile(t *testing.T) {
	for name, flag := range map[string]int{"read-only": os.O_RDONLY, "read-write": os.O_RDWR, "append": os.O_RDWR | os.O_APPEND} {
		t.Run(name, func(t *testing.T) {
			path := newFile(t, page)
			f, err := os.OpenFile(path, flag, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Seek(10, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			d, err := mmapguard.MapOpenFile(f)
			if err != nil {
				t.Fatal(err)
			}
			wantContents(t, d, contents(page, 1))
			if pos, err := f.Seek(0, io.SeekCurrent); pos != 10 || err != nil {
				t.Errorf("the caller's file is at %d, %v", pos, err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			wantContents(t, d, contents(page, 1))
			if !lockedByUs(t, path) {
				t.Error("closing the caller's file gave up the lock")
			}
			closeOK(t, d)
		})
	}
}

func TestMapOpenFileLeavesTheFileOpen(t *testing.T) {
	f := openRaw(t, newFile(t, page))
	d, err := mmapguard.MapOpenFile(f)
	if err != nil {
		t.Fatal(err)
	}
	closeOK(t, d)
	if _, err := f.ReadAt(make([]byte, 1), 0); err != nil {
		t.Errorf("Close closed the caller's file: %v", err)
	}
}

func TestMapOpenFileErrors(t *testing.T) {
	_, err := mmapguard.MapOpenFile(nil)
	wantErr(t, err, fs.ErrInvalid, "")

	closed := openRaw(t, newFile(t, page))
	_ = closed.Close()
	_, err = mmapguard.MapOpenFile(closed)
	if runtime.GOOS != "windows" { // where File.Stat has its own words for it
		wantErr(t, err, fs.ErrClosed, closed.Name())
	}
	if err == nil {
		t.Error("a closed file was mapped")
	}

	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = r.Close(), w.Close() }()
	_, err = mmapguard.MapOpenFile(r)
	wantErr(t, err, mmapguard.ErrNotRegular, r.Name())

	dir := openRaw(t, t.TempDir())
	_, err = mmapguard.MapOpenFile(dir)
	wantErr(t, err, mmapguard.ErrNotRegular, dir.Name())

	f := openRaw(t, newFile(t, page))
	_, err = mmapguard.MapOpenFile(f, mmapguard.WithMaxSize(-5))
	wantErr(t, err, fs.ErrInvalid, f.Name())
}

// A file that can only be written is opened once more for reading, where the
// system has a way to it that no rename can lead astray.
func TestMapOpenFileOfAWriter(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc/self/fd")
	}
	path := newFile(t, page)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	d, err := mmapguard.MapOpenFile(f)
	if err != nil {
		t.Fatal(err)
	}
	wantContents(t, d, contents(page, 1))
	closeOK(t, d)
}

func TestMapOpenFileThatLostItsName(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc/self/fd")
	}
	path := newFile(t, page)
	f := openRaw(t, path)
	writeFile(t, path+".new", contents(page, 2))
	attack(t, "replace", path, path+".new")
	for range 2 {
		d, err := mmapguard.MapOpenFile(f)
		if err != nil {
			t.Fatal(err)
		}
		wantContents(t, d, contents(page, 1))
		if lockedByUs(t, path) {
			t.Error("the file that has the name now is locked")
		}
		closeOK(t, d)
		attack(t, "unlink", path)
		writeFile(t, path, contents(page, 2))
	}
}
