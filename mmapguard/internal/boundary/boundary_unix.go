//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd || solaris

package boundary

import (
	"golang.org/x/sys/unix"
)

// Supported tells that this system can map files.
const Supported = true

// munmap takes any run of pages, whatever calls made them.
const canJoin = true

// Granularity is what the file offset of a map must be a multiple of.
func Granularity() int64 { return int64(pageSize) }

// Map maps n bytes of the file from offset off, a multiple of Granularity, for
// reading only. The descriptor may be closed afterwards.
func Map(fd uintptr, off int64, n int) (Region, error) {
	// MAP_SHARED from a read-only descriptor: no mprotect can make it writable
	// later, which a private map would allow (mmap(2), mprotect(2): EACCES).
	base, err := unix.MmapPtr(int(fd), off, nil, uintptr(n), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return Region{}, err
	}
	return Region{base, n, kindFile}, nil
}

// Reserve takes n bytes of fresh private memory, readable and writable.
func Reserve(n int) (Region, error) {
	base, err := unix.MmapPtr(-1, 0, nil, uintptr(n), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return Region{}, err
	}
	return Region{base, n, kindMemory}, nil
}

// Protect makes fresh memory read-only.
func (r Region) Protect() error { return unix.Mprotect(r.Bytes(), unix.PROT_READ) }

// Revoke replaces what occupies the range by an inaccessible reservation, in
// one step: at no moment can another map be placed there. The region returned
// stands for the range from then on.
func (r Region) Revoke() (Region, error) {
	_, err := unix.MmapPtr(-1, 0, r.base, uintptr(r.size), unix.PROT_NONE,
		unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_FIXED|mapNoReserve)
	if err == nil {
		return Region{r.base, r.size, kindReserved}, nil
	}
	// A process at its limit of maps is refused even a replacement; taking the
	// access away needs no new map (mprotect(2) splits none here).
	if unix.Mprotect(r.Bytes(), unix.PROT_NONE) == nil {
		return Region{r.base, r.size, kindReserved}, nil
	}
	return r, err
}

// Release gives the range back to the system, which may place anything there.
func (r Region) Release() error { return unix.MunmapPtr(r.base, uintptr(r.size)) }

// Advise passes a hint about the coming reads to the kernel; it is free to
// ignore it, and so is the caller to ignore its answer.
func (r Region) Advise(a Advice) error {
	advice := unix.MADV_SEQUENTIAL
	if a == Random {
		advice = unix.MADV_RANDOM
	}
	return unix.Madvise(r.Bytes(), advice)
}
