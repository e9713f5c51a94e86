//go:build !linux

package mmapguard

import "runtime"

// These mechanisms are Linux's. Elsewhere they say so, so that a climb of the
// ladder reads the same on every system.

func onlyLinux(*opening) (*FileData, error) {
	return nil, unsupported("it is a mechanism of Linux, this is %s", runtime.GOOS)
}

var (
	openVerity     = onlyLinux
	openSealed     = onlyLinux
	openLease      = onlyLinux
	openReflink    = onlyLinux
	openLeasedCopy = onlyLinux
	openSealedCopy = onlyLinux
)
