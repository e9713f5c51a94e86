package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// mappedBy tells whether a process has a file mapped under its name.
func (e *Env) mappedBy(pid int, path string) bool {
	list, err := mappingsOf(strconv.Itoa(pid))
	e.must(err, "reading the table of maps")
	for _, m := range list {
		if m.path == path {
			return true
		}
	}
	return false
}

// addressSpace is what this process takes of it, in bytes.
func (e *Env) addressSpace() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	e.must(err, "reading the size of the process")
	fields := strings.Fields(string(text))
	n, err := strconv.ParseInt(fields[0], 10, 64)
	e.must(err, "reading the size of the process")
	return n * int64(os.Getpagesize())
}

// limitMemory leaves this process so many bytes of address space.
func (e *Env) limitMemory(left int64) {
	limit := uint64(e.addressSpace() + left)
	e.must(unix.Setrlimit(unix.RLIMIT_AS, &unix.Rlimit{Cur: limit, Max: limit}), "limiting the address space")
}

// boundCopies keeps this process from taking the machine's memory, should the
// library copy what it promises to refuse: files, those in memory among them,
// end at so many bytes, and so does what it has for itself beside maps of files
// (setrlimit(2): RLIMIT_FSIZE, RLIMIT_DATA).
func (e *Env) boundCopies(most uint64) {
	signal.Ignore(unix.SIGXFSZ) // else it ends the process before the error comes
	for _, resource := range []int{unix.RLIMIT_FSIZE, unix.RLIMIT_DATA} {
		e.must(unix.Setrlimit(resource, &unix.Rlimit{Cur: most, Max: most}), "limiting what can be copied")
	}
}

// memfd makes a file in memory that may be sealed, with the given seals.
func (e *Env) memfd(data []byte, seals int) *os.File {
	fd, err := unix.MemfdCreate("conformance", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	e.must(err, "making a file in memory")
	f := os.NewFile(uintptr(fd), "memfd:conformance")
	_, err = f.WriteAt(data, 0)
	e.must(err, "writing to a file in memory")
	if seals != 0 {
		e.addSeals(f, seals)
	}
	return f
}

// sealTries bounds how often a file in memory is sealed that is busy, as one of
// whose pages the kernel holds for a moment, to move or to reclaim it.
const sealTries = 10

// addSeals seals a file in memory that nobody has mapped for writing.
func (e *Env) addSeals(f *os.File, seals int) {
	_, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, seals)
	for tries := 1; errors.Is(err, unix.EBUSY) && tries < sealTries; tries++ {
		_, err = unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, seals)
	}
	e.must(err, fmt.Sprintf("sealing with %#x", seals))
}

// mountLiar mounts an overlay in a name space of this thread's own, which ends
// with it, and returns its name in the case's directory.
func (e *Env) mountLiar() string {
	runtime.LockOSThread()
	if err := unix.Unshare(unix.CLONE_NEWNS | unix.CLONE_FS); err != nil {
		e.notOffered("nothing can be mounted: %v", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		e.notOffered("nothing can be mounted: %v", err)
	}
	for _, name := range []string{"lower", "upper", "work", "merged"} {
		e.must(os.Mkdir(e.path(name), 0o755), "making a directory")
	}
	options := "lowerdir=" + e.path("lower") + ",upperdir=" + e.path("upper") + ",workdir=" + e.path("work")
	if err := unix.Mount("overlay", e.path("merged"), "overlay", 0, options); err != nil {
		e.notOffered("no overlay can be mounted on this file system: %v", err)
	}
	return "merged"
}

// writableMap maps a file of this process's own for writing.
func (e *Env) writableMap(f *os.File, n int) []byte {
	b, err := unix.Mmap(int(f.Fd()), 0, n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	e.must(err, "mapping for writing")
	copy(b, bytes.Clone(b))
	return b
}

// seal seals a file in memory against every change.
func (e *Env) seal(f *os.File) {
	e.addSeals(f, unix.F_SEAL_WRITE|unix.F_SEAL_SHRINK|unix.F_SEAL_GROW)
}

// mostMaps is the limit above which using all of them up takes too long.
const mostMaps = 2 << 20

// exhaustMaps uses up all maps that this process may have but a few. It takes
// one reservation apart: two pages of different rights cannot be one map.
func (e *Env) exhaustMaps(spare int) (release func()) {
	text, err := os.ReadFile("/proc/sys/vm/max_map_count")
	e.must(err, "reading the limit of maps")
	limit, err := strconv.Atoi(strings.TrimSpace(string(text)))
	e.must(err, "reading the limit of maps")
	if limit > mostMaps {
		e.notOffered("the limit of %d maps takes too long to reach", limit)
	}
	debug.SetGCPercent(-1) // the runtime should need no memory now
	page := os.Getpagesize()
	n := limit - len(e.mappings()) - spare
	b, err := unix.Mmap(-1, 0, n*page, unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_NORESERVE)
	e.must(err, "reserving addresses")
	for i := 0; i < n && err == nil; i += 2 {
		err = unix.Mprotect(b[i*page:(i+1)*page], unix.PROT_READ)
	}
	if err != nil {
		err = errors.Join(err, unix.Munmap(b))
	}
	e.must(err, "using up the maps")
	return func() {
		_ = unix.Munmap(b) // what is left of it ends with the process
		debug.SetGCPercent(100)
	}
}
