package mmapguard_test

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

// Who has locked a file for himself is about to write, also if he has not opened
// it for writing yet, of which a lease would tell.
func TestEnforced_LockedByAReader(t *testing.T) {
	needsLeases(t)
	path := newFile(t, 4096)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	_, err = mmapguard.MapFile(path, mmapguard.WithMechanisms(mmapguard.MechanismLease))
	wantErr(t, err, mmapguard.ErrLocked, path)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	mapFile(t, path, mmapguard.WithMechanisms(mmapguard.MechanismLease))
}
