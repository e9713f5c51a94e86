package property

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/mmapguard/go/mmapguard"
)

// piece is the size of the extents that the large files are made of.
const piece = 64 << 20

// extents makes a file of that many bytes of written extents, without writing
// them: it shares the blocks of one piece over and over.
func extents(t *testing.T, dir string, size int64) string {
	t.Helper()
	source := filepath.Join(dir, "piece")
	if err := os.WriteFile(source, version(piece, 1), 0o600); err != nil {
		t.Fatal(err)
	}
	from, err := os.Open(source)
	if err != nil {
		t.Fatal(err)
	}
	defer closeFile(t, from)
	path := filepath.Join(dir, fmt.Sprintf("file%d", size))
	to, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer closeFile(t, to)
	for off := int64(0); off < size; off += piece {
		clone := &unix.FileCloneRange{
			Src_fd: int64(from.Fd()), Src_length: uint64(min(piece, size-off)), Dest_offset: uint64(off),
		}
		if err := unix.IoctlFileCloneRange(int(to.Fd()), clone); err != nil {
			t.Fatal(err)
		}
	}
	check(t, to.Sync())
	return path
}

// effort is what opening a file took, as the kernel counts it for this process.
type effort struct {
	rchar, syscr, fetched, faults int64 // bytes read, calls of read, bytes from storage, page faults
	took                          time.Duration
}

func (e effort) String() string {
	return fmt.Sprintf("%v, %d bytes in %d reads, %d bytes from storage, %d page faults", e.took, e.rchar, e.syscr, e.fetched, e.faults)
}

// account is the kernel's account so far (proc_pid_io(5), getrusage(2)).
func account(t *testing.T) effort {
	t.Helper()
	text, err := os.ReadFile("/proc/self/io")
	if err != nil {
		t.Fatal(err)
	}
	var e effort
	var wchar, syscw int64
	if _, err := fmt.Sscanf(string(text), "rchar: %d\nwchar: %d\nsyscr: %d\nsyscw: %d\nread_bytes: %d",
		&e.rchar, &wchar, &e.syscr, &syscw, &e.fetched); err != nil {
		t.Fatal(err)
	}
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	e.faults = int64(usage.Minflt) + int64(usage.Majflt) //nolint:unconvert // 32 bits wide on 386
	return e
}

// openEffort opens a file by reflink and says what that took.
func openEffort(t *testing.T, path string) (*mmapguard.FileData, effort) {
	t.Helper()
	before, began := account(t), time.Now()
	d, err := takeSnapshot(path, mmapguard.MechanismReflink)
	took := time.Since(began)
	if err != nil {
		t.Fatal(err)
	}
	after := account(t)
	return d, effort{after.rchar - before.rchar, after.syscr - before.syscr, after.fetched - before.fetched, after.faults - before.faults, took}
}

// needReflink skips file systems that do not clone.
func needReflink(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	describe(t, dir).need(t, mmapguard.MechanismReflink)
	return dir
}

// A clone of 10 GiB costs what one of 1 MiB does: no data is read. The bounds
// leave room for the account's own reads and the file system's records.
func TestReflinkDoesNotReadTheFile(t *testing.T) {
	dir := needReflink(t)
	var first effort
	for i, size := range []int64{1 << 20, 64 << 20, 1 << 30, 10 << 30} {
		path := extents(t, dir, size)
		// Once for the kernel's own caches, once for the account.
		d, _ := openEffort(t, path)
		check(t, d.Close())
		d, e := openEffort(t, path)
		t.Logf("%5d MiB: %v", size>>20, e)
		if i == 0 {
			first = e
		}
		if e.rchar > first.rchar+4096 || e.syscr > first.syscr+4 {
			t.Errorf("opening %d bytes read %d bytes in %d calls; 1 MiB took %d in %d", size, e.rchar, e.syscr, first.rchar, first.syscr)
		}
		if e.fetched > 1<<20 || e.faults > first.faults+1000 {
			t.Errorf("opening %d bytes fetched %d and touched %d pages", size, e.fetched, e.faults)
		}
		if d.Size() != size {
			t.Errorf("size %d, want %d", d.Size(), size)
		}
		last := make([]byte, word)
		if _, err := d.ReadAt(last, size-word); err != nil || wordAt(last, 0) != 1 {
			t.Errorf("the last word is %d, %v", wordAt(last, 0), err)
		}
		check(t, d.Close())
	}
}

// descriptors are what the process has open.
func descriptors(t rapid.TB) []string {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	var links []string
	for _, entry := range entries {
		// The directory's own descriptor is gone by now.
		if link, err := os.Readlink("/proc/self/fd/" + entry.Name()); err == nil {
			links = append(links, entry.Name()+" "+link)
		}
	}
	return links
}

// No descriptor leads to the private file: /proc/PID/fd is a door that the
// mapping alone does not open.
func TestPrivateFileHasNoDescriptor(t *testing.T) {
	for _, m := range snapshotters {
		t.Run(m.String(), func(t *testing.T) {
			describe(t, t.TempDir()).need(t, m)
			path := newFile(t, 1<<20, 1)
			// The first lock or timer may leave descriptors of the runtime's own.
			warm, err := takeSnapshot(path, m)
			if err != nil {
				t.Fatal(err)
			}
			check(t, warm.Close())
			before := strings.Join(descriptors(t), "\n")
			d, err := takeSnapshot(path, m)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { check(t, d.Close()) }()
			after := strings.Join(descriptors(t), "\n")
			if before != after {
				t.Errorf("descriptors before:\n%s\nand with the snapshot open:\n%s", before, after)
			}
		})
	}
}
