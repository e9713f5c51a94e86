package conformance

import (
	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/internal/strike"
)

// isLock tells a call that asks for a shared lock, or a lease.
func isLock(c *strike.Call) bool {
	switch c.Name {
	case "flock":
		return c.Args[1]&unix.LOCK_SH != 0
	case "fcntl":
		return c.Args[1] == unix.F_SETLEASE && c.Args[2] == unix.F_RDLCK
	}
	return false
}

// isUnlock tells a call that gives one of them up.
func isUnlock(c *strike.Call) bool {
	switch c.Name {
	case "flock":
		return c.Args[1]&unix.LOCK_UN != 0
	case "fcntl":
		return c.Args[1] == unix.F_SETLEASE && c.Args[2] == unix.F_UNLCK
	}
	return false
}

// isFileMap tells a call that maps a file to share it; the program's own
// libraries are mapped privately.
func isFileMap(c *strike.Call) bool {
	const kind = unix.MAP_TYPE
	return c.Name == "mmap" && c.Args[3]&kind != unix.MAP_PRIVATE && c.Args[3]&unix.MAP_ANON == 0
}

// isRemoval tells a call that takes away what is mapped at an address.
func isRemoval(c *strike.Call, addr uint64) bool {
	switch c.Name {
	case "munmap":
		return c.Args[0] == addr
	case "mmap":
		return c.Args[0] == addr && c.Args[3]&unix.MAP_FIXED != 0 && c.Args[2] == unix.PROT_NONE
	case "mprotect":
		return c.Args[0] == addr && c.Args[2] == unix.PROT_NONE
	}
	return false
}

// readOnlyMap tells whether a call maps for reading alone.
func readOnlyMap(c *strike.Call) bool { return c.Args[2] == unix.PROT_READ }

func chroot(dir string) error {
	if err := unix.Chroot(dir); err != nil {
		return err
	}
	return unix.Chdir("/")
}
