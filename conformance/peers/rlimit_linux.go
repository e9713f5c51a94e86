package peers

import "golang.org/x/sys/unix"

// limitAddressSpace bounds this process's own address space, in bytes.
func limitAddressSpace(bytes uint64) error {
	return unix.Setrlimit(unix.RLIMIT_AS, &unix.Rlimit{Cur: bytes, Max: bytes})
}
