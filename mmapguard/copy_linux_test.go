package mmapguard_test

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

var copiesUnderLease = []mmapguard.Mechanism{"leased-copy", "sealed-memfd"}

// A writer who stays keeps every consistent copy away; that is not a reason to
// take a worse one.
func TestLeasedCopy_WriterStays(t *testing.T) {
	needsLeases(t)
	path := newFile(t, 4096)
	attack(t, "hold open for writing", path)
	defer attack(t, "let go", path)
	for _, m := range copiesUnderLease {
		_, err := mmapguard.MapFile(path, mmapguard.WithMechanisms(m, mmapguard.MechanismCheckedCopy), mmapguard.WithGuarantee(strength[m]))
		wantErr(t, err, mmapguard.ErrChanged, path)
		if !errors.Is(err, mmapguard.ErrLocked) {
			t.Errorf("%s: error %v does not say that a writer is there", m, err)
		}
	}
}

// A writer who leaves is waited for.
func TestLeasedCopy_WriterLeaves(t *testing.T) {
	needsLeases(t)
	path := newFile(t, 4096)
	attack(t, "hold open for writing", path)
	attempts := 0
	t.Cleanup(mmapguard.SetStep(func(s mmapguard.Step) {
		if s == mmapguard.BeforeLock {
			if attempts++; attempts == 3 {
				attack(t, "let go", path)
			}
		}
	}))
	d := mapFile(t, path, mmapguard.WithMechanisms("leased-copy"))
	if err := sameBytes(d, contents(4096, 1)); err != nil {
		t.Error(err)
	}
	if attempts != 3 {
		t.Errorf("%d attempts", attempts)
	}
}

// A copy whose lease the kernel took away before it was done is worth nothing.
func TestLeasedCopy_LeaseIsLost(t *testing.T) {
	needsLeases(t)
	for _, m := range copiesUnderLease {
		path := newFile(t, 4096)
		before, err := descriptorCount()
		if err != nil {
			t.Fatal(err)
		}
		restore := mmapguard.SetStep(func(s mmapguard.Step) {
			if s == mmapguard.AfterCopy {
				takeLeaseAway(t, path)
			}
		})
		_, err = mmapguard.MapFile(path, mmapguard.WithMechanisms(m), mmapguard.WithGuarantee(strength[m]))
		restore()
		wantErr(t, err, mmapguard.ErrChanged, path)
		if now, err := descriptorCount(); err != nil || now > before {
			t.Errorf("%d descriptors are open, %d before (%v)", now, before, err)
		}
	}
}

// takeLeaseAway ends every lease that this process has on a file.
func takeLeaseAway(t testing.TB, path string) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		to, err := os.Readlink("/proc/self/fd/" + e.Name())
		if err != nil || !strings.HasSuffix(path, to) {
			continue
		}
		fd, err := strconv.Atoi(e.Name())
		if err == nil {
			_, _ = unix.FcntlInt(uintptr(fd), unix.F_SETLEASE, unix.F_UNLCK)
		}
	}
}

// A file that shrinks while it is copied is copied as it is in the end, or not
// at all.
func TestCheckedCopy_FileShrinks(t *testing.T) {
	path := newFile(t, 1<<20)
	during(t, mmapguard.AfterCopy, func() { truncate(t, path, 1<<19) })
	d := mapFile(t, path, mmapguard.WithMechanisms("checked-copy"))
	if err := sameBytes(d, contents(1<<20, 1)[:1<<19]); err != nil {
		t.Error(err)
	}

	size := int64(1 << 19)
	t.Cleanup(mmapguard.SetStep(func(s mmapguard.Step) {
		if s == mmapguard.AfterCopy {
			size /= 2
			truncate(t, path, size)
		}
	}))
	_, err := mmapguard.MapFile(path, mmapguard.WithMechanisms("checked-copy"))
	wantErr(t, err, mmapguard.ErrChanged, path)
}

// A copy of nothing is refused as such, also if the file was emptied meanwhile.
func TestCheckedCopy_FileIsEmptied(t *testing.T) {
	path := newFile(t, 1<<20)
	during(t, mmapguard.AfterCopy, func() { truncate(t, path, 0) })
	_, err := mmapguard.MapFile(path, mmapguard.WithMechanisms("checked-copy"))
	wantErr(t, err, mmapguard.ErrEmpty, path)
}

// Where no lease is to be had, a sealed copy is one that was read twice.
func TestSealedCopy_WithoutLease(t *testing.T) {
	f := sealedMemfd(t, contents(100000, 1), 0)
	strikes := 0
	t.Cleanup(mmapguard.SetStep(func(s mmapguard.Step) {
		if s == mmapguard.AfterCopy {
			strikes++
			if _, err := f.WriteAt([]byte{byte(strikes)}, 77777); err != nil {
				t.Error(err)
			}
		}
	}))
	if _, err := mmapguard.MapOpenFile(f, immutable); !errors.Is(err, mmapguard.ErrChanged) {
		t.Errorf("a file that never rests: %v, want ErrChanged", err)
	}
	if strikes < 2 {
		t.Errorf("read twice %d times", strikes)
	}
}

// A directory in which nothing can be made leaves no clone to be had, and the
// reason says so.
func TestReflink_NoPlaceForTheClone(t *testing.T) {
	if fs := onFileSystem(t); fs != unix.XFS_SUPER_MAGIC && fs != unix.BTRFS_SUPER_MAGIC {
		t.Skipf("a file system of type %#x makes no clones", fs)
	}
	path := newFile(t, 4096)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := mmapguard.MapOpenFile(f, mmapguard.WithMechanisms("reflink")); err != nil && !errors.Is(err, mmapguard.ErrUnsupported) {
		t.Errorf("reflink of a file without a name: %v", err)
	}
}
