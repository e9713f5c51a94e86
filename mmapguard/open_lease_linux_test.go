package mmapguard_test

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

// TestWriteLeaseOfAnother: whoever has a write lease holds the file for writing,
// as whoever has an exclusive lock does. The own process will do for the other:
// a lease belongs to an open file description (fcntl(2)).
func TestWriteLeaseOfAnother(t *testing.T) {
	path := newFile(t, 100)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_WRLCK); err != nil {
		t.Skip("needs a file system with leases: ", err)
	}
	for _, g := range mmapguard.Guarantees() {
		_, err := mmapguard.MapFile(path, mmapguard.WithGuarantee(g))
		wantErr(t, err, mmapguard.ErrLocked, path)
	}
	if _, err := unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_UNLCK); err != nil {
		t.Fatal(err)
	}
	closeOK(t, mapFile(t, path))
}
