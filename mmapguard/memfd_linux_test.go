package mmapguard_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

func sealedMemfd(t testing.TB, b []byte, seals int) *os.File {
	t.Helper()
	fd, err := unix.MemfdCreate("test", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(fd), "memfd:test")
	t.Cleanup(func() { _ = f.Close() })
	if _, err := f.Write(b); err != nil {
		t.Fatal(err)
	}
	if seals != 0 {
		addSeals(t, f, seals)
	}
	return f
}

// addSeals seals a memfd, as soon as the kernel has let go of its pages.
func addSeals(t testing.TB, f *os.File, seals int) {
	t.Helper()
	for tries := 1; ; tries++ {
		switch _, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, seals); {
		case err == nil:
			return
		case !errors.Is(err, unix.EBUSY) || tries == mmapguard.SealTries:
			t.Fatal(err)
		}
	}
}

var (
	immutable  = mmapguard.WithGuarantee(mmapguard.Immutable)
	sealedOnly = mmapguard.WithMechanisms(mmapguard.MechanismSealedMemfd)
)

// A sealed memfd is taken as it is: the very pages, no copy.
func TestTrap13_SealedMemfdAsGiven(t *testing.T) {
	want := contents(100001, 1)
	f := sealedMemfd(t, want, unix.F_SEAL_WRITE|unix.F_SEAL_SHRINK|unix.F_SEAL_GROW)
	d, err := mmapguard.MapOpenFile(f, immutable, mmapguard.WithMaxCopy(0))
	if err != nil {
		t.Fatal(err)
	}
	defer closeOK(t, d)
	if d.Guarantee() != mmapguard.Immutable || d.Mechanism() != mmapguard.MechanismSealedMemfd {
		t.Errorf("got %v by %v", d.Guarantee(), d.Mechanism())
	}
	if err := sameBytes(d, want); err != nil {
		t.Error(err)
	}
	if _, err := f.WriteAt([]byte("x"), 0); !errors.Is(err, unix.EPERM) {
		t.Errorf("the kernel answers a write with %v", err)
	}
}

// With any seal of the three missing, or FUTURE_WRITE in place of WRITE, the
// file itself proves nothing, and only a copy will do.
func TestTrap13_HalfSealedMemfdIsNotProof(t *testing.T) {
	const w, s, g = unix.F_SEAL_WRITE, unix.F_SEAL_SHRINK, unix.F_SEAL_GROW
	for _, seals := range []int{0, w, s, g, w | s, w | g, s | g, unix.F_SEAL_FUTURE_WRITE | s | g, unix.F_SEAL_SEAL} {
		f := sealedMemfd(t, contents(5000, 1), seals)
		_, err := mmapguard.MapOpenFile(f, immutable, mmapguard.WithMaxCopy(0))
		if !errors.Is(err, mmapguard.ErrTooLarge) || !errors.Is(err, mmapguard.ErrUnsupported) {
			t.Errorf("seals %#x: %v, want it refused as proof and as too large to copy", seals, err)
		}
		d, err := mmapguard.MapOpenFile(f, immutable)
		if err != nil {
			t.Errorf("seals %#x: %v", seals, err)
			continue
		}
		_, _ = f.WriteAt([]byte("CHANGED"), 0)
		if err := sameBytes(d, contents(5000, 1)); err != nil {
			t.Errorf("seals %#x: %v", seals, err)
		}
		closeOK(t, d)
	}
}

// An ordinary file of tmpfs answers the question for seals too.
func TestTrap13_TmpfsFileIsNotSealed(t *testing.T) {
	dir, err := os.MkdirTemp("/dev/shm", "mmapguard") //nolint:usetesting // it has to be on tmpfs
	if err != nil {
		t.Skipf("no tmpfs: %v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := writeFile(t, dir+"/f", contents(5000, 1))
	_, err = mmapguard.MapFile(path, immutable, mmapguard.WithMaxCopy(0))
	wantErr(t, err, mmapguard.ErrTooLarge, path)
}

// The copy in a memfd can not be changed, not even by root through the paths
// that /proc has to it.
func TestSealedCopy_NobodyCanChangeIt(t *testing.T) {
	path := newFile(t, 1<<20)
	d := mapFile(t, path, immutable, sealedOnly)
	want := contents(1<<20, 1)
	maps, err := os.ReadDir("/proc/self/map_files")
	if err != nil {
		t.Skipf("map_files: %v", err)
	}
	found := 0
	for _, m := range maps {
		name := "/proc/self/map_files/" + m.Name()
		if to, err := os.Readlink(name); err != nil || to != "/memfd:mmapguard (deleted)" {
			continue
		}
		found++
		f, err := os.OpenFile(name, os.O_RDWR, 0)
		if err != nil {
			continue
		}
		if _, err := f.WriteAt([]byte("x"), 0); !errors.Is(err, unix.EPERM) {
			t.Errorf("a write through %s answers %v", name, err)
		}
		if err := f.Truncate(0); !errors.Is(err, unix.EPERM) {
			t.Errorf("a truncate through %s answers %v", name, err)
		}
		_ = f.Close()
	}
	if found == 0 {
		t.Error("no map leads to the memfd")
	}
	if err := sameBytes(d, want); err != nil {
		t.Error(err)
	}
}

// No descriptor of a private file stays open, and none of the file's either,
// once the bytes do not depend on it.
func TestPrivate_NoDescriptorStays(t *testing.T) {
	for _, m := range []mmapguard.Mechanism{"reflink", "leased-copy", "checked-copy", "sealed-memfd"} {
		path := newFile(t, 1<<20)
		before, err := descriptorCount()
		if err != nil {
			t.Fatal(err)
		}
		d, err := mmapguard.MapFile(path, mmapguard.WithMechanisms(m))
		if errors.Is(err, mmapguard.ErrUnsupported) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		now := 0
		// The goroutine that waited for a writer closes its own a moment later.
		if !collectUntil(func() bool { now, err = descriptorCount(); return err == nil && now <= before }) {
			t.Errorf("%s: %d descriptors, %d before (%v)", m, now, before, err)
		}
		closeOK(t, d)
	}
}

// A memfd grants a lease beside its own writer, so no lease on it counts.
func TestLeaseThatLies_Memfd(t *testing.T) {
	f := sealedMemfd(t, contents(5000, 1), 0)
	if _, err := mmapguard.MapOpenFile(f, leaseOnly); !errors.Is(err, mmapguard.ErrUnsupported) {
		t.Errorf("lease on a memfd: %v, want ErrUnsupported", err)
	}
	if _, err := mmapguard.MapOpenFile(f, mmapguard.WithMechanisms("leased-copy")); !errors.Is(err, mmapguard.ErrUnsupported) {
		t.Errorf("leased copy of a memfd: %v, want ErrUnsupported", err)
	}
}

// trusted are the file systems on which a lease has been seen to be kept.
var trusted = map[uint32]bool{
	unix.EXT4_SUPER_MAGIC: true, unix.XFS_SUPER_MAGIC: true, unix.BTRFS_SUPER_MAGIC: true, unix.TMPFS_MAGIC: true,
}

// On every other file system no mechanism that rests on a lease is offered,
// whatever the kernel grants.
func TestLeaseThatLies_FileSystem(t *testing.T) {
	fs := onFileSystem(t)
	for _, m := range []mmapguard.Mechanism{"lease", "leased-copy"} {
		path := newFile(t, 4096)
		d, err := mmapguard.MapFile(path, mmapguard.WithMechanisms(m))
		switch {
		case trusted[fs] && err != nil:
			t.Errorf("%s on a file system of type %#x: %v", m, fs, err)
		case trusted[fs]:
			closeOK(t, d)
		default:
			wantErr(t, err, mmapguard.ErrUnsupported, path)
		}
	}
	if trusted[fs] {
		refusesBesideWriter(t)
	}
}

// refusesBesideWriter shows what the trust rests on.
func refusesBesideWriter(t *testing.T) {
	t.Helper()
	path := newFile(t, 4096)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	b, err := unix.Mmap(int(f.Fd()), 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	_, err = mmapguard.MapFile(path, leaseOnly)
	wantErr(t, err, mmapguard.ErrLocked, path)
	_ = f.Close()
	_, err = mmapguard.MapFile(path, leaseOnly)
	wantErr(t, err, mmapguard.ErrLocked, path)
	if err := unix.Munmap(b); err != nil {
		t.Fatal(err)
	}
	mapFile(t, path, leaseOnly)
}

// holdPages has a pipe refer to the first page of the one memfd of the library's
// that is open, as the kernel itself does while it moves or reclaims it.
func holdPages(t *testing.T) (letGo func()) {
	t.Helper()
	names, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	memfd := -1
	for _, name := range names {
		if to, err := os.Readlink(name); err == nil && to == "/memfd:mmapguard (deleted)" {
			if memfd, err = strconv.Atoi(filepath.Base(name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	var off int64
	if n, err := unix.Splice(memfd, &off, int(w.Fd()), nil, os.Getpagesize(), 0); err != nil || n == 0 {
		t.Fatalf("splice of memfd %d: %d, %v", memfd, n, err)
	}
	return sync.OnceFunc(func() {
		if err := errors.Join(w.Close(), r.Close()); err != nil {
			t.Error(err)
		}
	})
}

// A memfd whose page the kernel needs for a moment is sealed a moment later.
func TestSealedCopy_BusyForAMoment(t *testing.T) {
	letGo, busy := func() {}, false
	t.Cleanup(mmapguard.SetStep(func(s mmapguard.Step) {
		switch s {
		case mmapguard.BeforeSeal:
			letGo = holdPages(t)
		case mmapguard.BeforeNextSeal:
			busy = true
			letGo()
		}
	}))
	d := mapFile(t, newFile(t, 1<<20), immutable, sealedOnly)
	if !busy {
		t.Error("the memfd was sealed while a pipe had one of its pages")
	}
	if err := sameBytes(d, contents(1<<20, 1)); err != nil {
		t.Error(err)
	}
}

// One that stays busy is an error in the end, and is not left open.
func TestSealedCopy_BusyForEver(t *testing.T) {
	tries := 1
	letGo := func() {}
	defer func() { letGo() }()
	t.Cleanup(mmapguard.SetStep(func(s mmapguard.Step) {
		switch s {
		case mmapguard.BeforeSeal:
			letGo = holdPages(t)
		case mmapguard.BeforeNextSeal:
			tries++
		}
	}))
	path := newFile(t, 1<<20)
	_, err := mmapguard.MapFile(path, immutable, sealedOnly)
	wantErr(t, err, unix.EBUSY, path)
	if tries != mmapguard.SealTries {
		t.Errorf("%d tries, want %d", tries, mmapguard.SealTries)
	}
}
