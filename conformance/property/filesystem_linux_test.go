package property

import (
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/mmapguard/go/mmapguard"
)

// fileSystem is what the tests expect of the file system they run on. It is
// stated here, or asked of the kernel, and never taken from the library's own
// answers: a library that refused everything must fail.
type fileSystem struct {
	name    string
	leases  bool // serves Enforced, leased-copy, and the lease below sealed-memfd
	reflink bool // clones files
	tmpfs   bool // unnamed files cannot be leased
}

// leaseKeepers are the file systems on which the library promises leases.
var leaseKeepers = map[uint32]fileSystem{
	unix.EXT4_SUPER_MAGIC:      {name: "ext4", leases: true},
	unix.XFS_SUPER_MAGIC:       {name: "xfs", leases: true},
	unix.BTRFS_SUPER_MAGIC:     {name: "btrfs", leases: true},
	unix.TMPFS_MAGIC:           {name: "tmpfs", leases: true, tmpfs: true},
	unix.OVERLAYFS_SUPER_MAGIC: {name: "overlayfs"},
}

// describe finds out what the file system of a directory can do.
func describe(t rapid.TB, dir string) fileSystem {
	t.Helper()
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		t.Fatal(err)
	}
	fs, ok := leaseKeepers[uint32(st.Type)]
	if !ok {
		t.Fatalf("file system of type %#x: nothing is known about what to expect of it", st.Type)
	}
	fs.reflink = clones(t, dir)
	return fs
}

// clones tries whether a file of the directory can be cloned to an unnamed one.
func clones(t rapid.TB, dir string) bool {
	t.Helper()
	from, err := os.CreateTemp(dir, "probe")
	if err != nil {
		t.Fatal(err)
	}
	defer closeFile(t, from)
	defer func() { check(t, os.Remove(from.Name())) }()
	if _, err := from.Write(make([]byte, 4096)); err != nil {
		t.Fatal(err)
	}
	to, err := os.OpenFile(dir, os.O_RDWR|unix.O_TMPFILE, 0o600)
	if err != nil {
		return false
	}
	defer closeFile(t, to)
	return unix.IoctlFileClone(int(to.Fd()), int(from.Fd())) == nil
}

// byLease tells whether a mechanism copies under a lease here.
func (fs fileSystem) byLease(m mmapguard.Mechanism) bool {
	return m == mmapguard.MechanismLeasedCopy || m == mmapguard.MechanismSealedMemfd && fs.leases
}

// byDoubleCollect tells whether a mechanism copies by reading twice here.
func (fs fileSystem) byDoubleCollect(m mmapguard.Mechanism) bool {
	return m == mmapguard.MechanismCheckedCopy || m == mmapguard.MechanismSealedMemfd && !fs.leases
}

// has tells whether a mechanism that makes snapshots exists here.
func (fs fileSystem) has(m mmapguard.Mechanism) bool {
	switch m {
	case mmapguard.MechanismReflink:
		return fs.reflink
	case mmapguard.MechanismLeasedCopy:
		return fs.leases
	}
	return true
}

// need skips a mechanism that the file system has not, after the library has
// said so too.
func (fs fileSystem) need(t *testing.T, m mmapguard.Mechanism) {
	t.Helper()
	if fs.has(m) {
		return
	}
	path := newFile(t, 4096, 1)
	d, err := mmapguard.MapFile(path, mmapguard.WithMechanisms(m), mmapguard.WithGuarantee(mmapguard.Isolated))
	if err == nil {
		check(t, d.Close())
	}
	if !errors.Is(err, mmapguard.ErrUnsupported) {
		t.Fatalf("%s on %s: %v, want ErrUnsupported", m, fs.name, err)
	}
	t.Skipf("%s has no %s", fs.name, m)
}

func check(t rapid.TB, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

func closeFile(t rapid.TB, f *os.File) {
	t.Helper()
	check(t, f.Close())
}
