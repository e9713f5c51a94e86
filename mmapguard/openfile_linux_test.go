package mmapguard_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

func TestMapOpenFileOfAMemoryFile(t *testing.T) {
	f := sealedMemfd(t, nil, 0)
	_, err := mmapguard.MapOpenFile(f)
	wantErr(t, err, mmapguard.ErrEmpty, f.Name())
	if _, err := f.Write(contents(page, 1)); err != nil {
		t.Fatal(err)
	}
	d, err := mmapguard.MapOpenFile(f)
	if err != nil {
		t.Fatal(err)
	}
	wantContents(t, d, contents(page, 1))
	if err := f.Truncate(1); err != nil {
		t.Fatal(err)
	}
	if _, err := d.ReadAt(make([]byte, 1), 0); err != nil {
		t.Errorf("the page that is left: %v", err)
	}
	if err := f.Truncate(0); err != nil {
		t.Fatal(err)
	}
	_, err = d.ReadAt(make([]byte, 1), 0)
	wantFault(t, err, "read", f.Name(), 0)
	closeOK(t, d)
}

// A process that has given up its privileges may hold descriptors of files
// that it may not open. Then there is no lock of the library's own to be had;
// the descriptor's would be the caller's.
var _ = role("no way back", func(args []string) error {
	f, err := os.Open(args[0])
	if err != nil {
		return err
	}
	if err := errors.Join(syscall.Setgid(65534), syscall.Setuid(65534)); err != nil {
		return err
	}
	before, err := descriptorCount()
	if err != nil {
		return err
	}
	_, err = mmapguard.MapOpenFile(f)
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), args[0]) || strings.Contains(err.Error(), "/proc") {
		return errors.Join(errors.New("want a refusal about the file"), err)
	}
	return wantDescriptors(before)
})

func TestMapOpenFileThatMayNotBeOpenedAgain(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root, to give it up")
	}
	runOK(t, "no way back", newFile(t, page))
}

func TestMapOpenFileWithoutProc(t *testing.T) { withoutProc(t, "open file without proc") }

var _ = role("open file without proc", func(args []string) error {
	return insideRoot(args[0], func() error { return openFileWithoutProc("/data.bin") })
})

func openFileWithoutProc(path string) error {
	reader, err := os.Open(path)
	if err != nil {
		return err
	}
	d, err := mmapguard.MapOpenFile(reader)
	if err != nil {
		return err
	}
	if err := d.Close(); err != nil {
		return err
	}
	// A duplicate of a descriptor that can write would make a map that can.
	writer, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if _, err := mmapguard.MapOpenFile(writer); err == nil {
		return errors.New("a file open for writing was mapped through its own descriptor")
	}
	if err := os.Remove(path); err != nil {
		return err
	}
	if _, err := mmapguard.MapOpenFile(reader); !errors.Is(err, mmapguard.ErrReplaced) {
		return errors.Join(errors.New("want ErrReplaced for a file that lost its name"), err)
	}
	return nil
}
