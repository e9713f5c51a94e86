//go:build amd64 || arm64 || 386

package strike

import "golang.org/x/sys/unix"

// names are the calls that are told apart; all others have no name.
var names = map[uint64]string{
	unix.SYS_OPENAT:       "openat",
	unix.SYS_OPENAT2:      "openat2",
	unix.SYS_CLOSE:        "close",
	unix.SYS_FLOCK:        "flock",
	unix.SYS_MUNMAP:       "munmap",
	unix.SYS_MREMAP:       "mremap",
	unix.SYS_MPROTECT:     "mprotect",
	unix.SYS_FTRUNCATE:    "ftruncate",
	unix.SYS_PREAD64:      "pread",
	unix.SYS_WRITE:        "write",
	unix.SYS_EXECVE:       "execve",
	unix.SYS_SOCKET:       "socket",
	unix.SYS_CONNECT:      "connect",
	unix.SYS_UNLINKAT:     "unlinkat",
	unix.SYS_SETSID:       "setsid",
	unix.SYS_INIT_MODULE:  "init_module",
	unix.SYS_PTRACE:       "ptrace",
	unix.SYS_FCHMOD:       "fchmod",
	unix.SYS_MEMFD_CREATE: "memfd_create",
}
