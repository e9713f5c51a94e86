package mmapguard_test

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

// limitTo lowers a soft limit of this process, and returns the way back.
func limitTo(resource int, n uint64) (restore func() error, err error) {
	var old unix.Rlimit
	if err := unix.Getrlimit(resource, &old); err != nil {
		return nil, err
	}
	// The syscall package would raise RLIMIT_NOFILE again for children.
	if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: min(n, old.Max), Max: old.Max}); err != nil {
		return nil, err
	}
	return func() error { return unix.Setrlimit(resource, &old) }, nil
}

// addressSpace is how many bytes of address space this process uses.
func addressSpace() (uint64, error) {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	pages, err := strconv.ParseUint(strings.Fields(string(b))[0], 10, 64)
	return pages * uint64(page), err
}

func descriptorCount() (int, error) {
	entries, err := os.ReadDir("/proc/self/fd")
	return len(entries), err
}

// wantDescriptors checks how many descriptors are open.
func wantDescriptors(want int) error {
	n, err := descriptorCount()
	if err == nil && n != want {
		err = fmt.Errorf("%d descriptors are open, want %d", n, want)
	}
	return err
}

// wantExhausted opens a file that cannot be opened for want of something, and
// checks that the error says so.
func wantExhausted(path string, errno syscall.Errno, opts ...mmapguard.Option) error {
	_, err := mmapguard.MapFile(path, opts...)
	if !errors.Is(err, errno) || !strings.Contains(err.Error(), path) {
		return fmt.Errorf("MapFile: %w, want %w about %s", err, errno, path)
	}
	return nil
}

var _ = role("address space", func(args []string) error {
	big, kept := args[0], args[1] // 1 GiB and one page
	debug.SetGCPercent(-1)
	d, err := mmapguard.MapFile(kept)
	if err != nil {
		return err
	}
	used, err := addressSpace()
	if err != nil {
		return err
	}
	before, err := descriptorCount()
	if err != nil {
		return err
	}
	if _, err := limitTo(unix.RLIMIT_AS, used+512<<20); err != nil {
		return err
	}
	if err := wantExhausted(big, unix.ENOMEM); err != nil {
		return err
	}
	if err := wantDescriptors(before); err != nil {
		return err
	}
	if _, err := d.ReadAt(make([]byte, page), 0); err != nil {
		return fmt.Errorf("the handle that was open: %w", err)
	}
	// Ranges in quarantine give way to a map: ten times 300 MiB fit only if
	// the room that a closed handle reserves can be had.
	for range 10 {
		d, err := mmapguard.MapFile(big, mmapguard.WithRange(0, 300<<20))
		if err != nil {
			return err
		}
		if err := d.Close(); err != nil {
			return err
		}
	}
	return d.Close()
})

func TestTrap09_AddressSpaceUsedUpIsAnError(t *testing.T) {
	runOK(t, "address space", newSparse(t, 1<<30), newFile(t, page))
}

// fillMaps makes maps that cannot merge until the kernel refuses one more.
func fillMaps() (maps [][]byte, err error) {
	for i := 0; ; i++ {
		prot := syscall.PROT_READ
		if i%2 == 0 {
			prot |= syscall.PROT_WRITE
		}
		b, err := syscall.Mmap(-1, 0, page, prot, syscall.MAP_ANON|syscall.MAP_PRIVATE)
		if errors.Is(err, unix.ENOMEM) {
			return maps, nil
		}
		if err != nil {
			return nil, err
		}
		maps = append(maps, b)
	}
}

// rehearse goes once through an error for want of address space: the Go runtime
// takes memory at the first use of some things, and at the limit of maps it
// would end the program.
func rehearse(big string) error {
	used, err := addressSpace()
	if err != nil {
		return err
	}
	restore, err := limitTo(unix.RLIMIT_AS, used+256<<20)
	if err != nil {
		return err
	}
	return errors.Join(wantExhausted(big, unix.ENOMEM), restore())
}

var _ = role("maps", func(args []string) error {
	debug.SetGCPercent(-1)
	handles := make([]*mmapguard.FileData, 4)
	for i := range handles {
		d, err := mmapguard.MapFile(args[0])
		if err != nil {
			return err
		}
		handles[i] = d
	}
	stale := handles[0].Bytes()
	if err := rehearse(args[1]); err != nil {
		return err
	}
	before, err := descriptorCount()
	if err != nil {
		return err
	}
	maps, err := fillMaps()
	if err != nil {
		return err
	}
	if err := wantExhausted(args[0], unix.ENOMEM); err != nil {
		return err
	}
	// Closing is still possible, and takes the bytes and the locks away.
	for _, d := range handles {
		if err := d.Close(); err != nil {
			return fmt.Errorf("Close at the limit of maps: %w", err)
		}
	}
	if !rawFault(stale, 0) {
		return errors.New("a stale slice can be read after a Close at the limit of maps")
	}
	for _, b := range maps {
		if err := syscall.Munmap(b); err != nil {
			return err
		}
	}
	if err := wantDescriptors(before - len(handles)); err != nil {
		return err
	}
	d, err := mmapguard.MapFile(args[0])
	if err != nil {
		return fmt.Errorf("with room again: %w", err)
	}
	return d.Close()
})

func TestTrap09_MapsUsedUpAreAnError(t *testing.T) {
	b, err := os.ReadFile("/proc/sys/vm/max_map_count")
	if err != nil {
		t.Skip("needs /proc/sys/vm/max_map_count: ", err)
	}
	if limit := number(strings.TrimSpace(string(b))); limit > 300_000 {
		t.Skipf("needs a vm.max_map_count that can be filled, it is %d", limit)
	}
	file, sparse := newFile(t, page), newSparse(t, 1<<30)
	for attempt := 1; ; attempt++ {
		got := run(t, nil, "maps", file, sparse)
		switch {
		case got.code == 0:
			return
		case attempt < 5 && strings.Contains(got.stderr, "out of memory"):
			// The Go runtime itself wanted a map when there were none left.
			t.Logf("attempt %d: %s", attempt, head(got.stderr))
		default:
			t.Fatalf("exit code %d\n%s", got.code, head(got.stderr))
		}
	}
}

var _ = role("descriptors", func(args []string) error {
	f, err := os.Open(args[0])
	if err != nil {
		return err
	}
	before, err := descriptorCount()
	if err != nil {
		return err
	}
	free, err := unix.Dup(0)
	if err != nil {
		return err
	}
	if err := unix.Close(free); err != nil {
		return err
	}
	// Room for no descriptor, and for that of the file but not of its lock.
	for room := range 2 {
		restore, err := limitTo(unix.RLIMIT_NOFILE, uint64(free+room))
		if err != nil {
			return err
		}
		err = errors.Join(wantExhausted(args[0], unix.EMFILE), restore(), wantDescriptors(before))
		if err != nil {
			return fmt.Errorf("with room for %d: %w", room, err)
		}
	}
	d, err := mmapguard.MapOpenFile(f)
	if err != nil {
		return err
	}
	return errors.Join(d.Close(), f.Close())
})

func TestTrap09_DescriptorsUsedUpAreAnError(t *testing.T) {
	runOK(t, "descriptors", newFile(t, page))
}

// The quarantine stays within its bounds, and its reservations are few maps.
func TestTrap09_ClosedMappingsStayWithinTheBounds(t *testing.T) {
	path := newFile(t, page)
	_, limit, _, _ := mmapguard.QuarantineHeld()
	for range 3 * limit {
		closeOK(t, mapFile(t, path))
	}
	entries, _, held, heldLimit := mmapguard.QuarantineHeld()
	if entries == 0 || entries > limit || held > heldLimit {
		t.Errorf("quarantine holds %d ranges of at most %d, %d bytes of at most %d", entries, limit, held, heldLimit)
	}
	if lines := mapsOf(t, path); len(lines) != 0 {
		t.Errorf("maps of closed handles: %q", lines)
	}
}
