package boundary

import (
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Supported tells that this system can map files.
const Supported = true

// VirtualFree releases one reservation at a time, by its base.
const canJoin = false

// Offsets of a view are multiples of the allocation granularity, which has been
// 64 KiB on every version of Windows (SYSTEM_INFO, dwAllocationGranularity).
const granularity = 64 << 10

// layout keeps a view of ours from being placed in the gap of a Revoke:
// Windows cannot put a reservation over a view in one step.
var layout sync.RWMutex

// Granularity is what the file offset of a map must be a multiple of.
func Granularity() int64 { return granularity }

// Map maps n bytes of the file from offset off, a multiple of Granularity, for
// reading only. The handle may be closed afterwards.
func Map(fd uintptr, off int64, n int) (Region, error) {
	section, err := windows.CreateFileMapping(windows.Handle(fd), nil, windows.PAGE_READONLY, 0, 0, nil)
	if err != nil {
		return Region{}, err
	}
	// The view keeps the section alive (MapViewOfFile, Remarks).
	defer func() { _ = windows.CloseHandle(section) }()
	layout.RLock()
	defer layout.RUnlock()
	addr, err := windows.MapViewOfFile(section, windows.FILE_MAP_READ, uint32(uint64(off)>>32), uint32(uint64(off)&0xffffffff), uintptr(n)) // #nosec G115 -- an offset is not negative
	if err != nil {
		return Region{}, err
	}
	return Region{pointer(addr), n, kindFile}, nil
}

// Reserve takes n bytes of fresh private memory, readable and writable.
func Reserve(n int) (Region, error) {
	layout.RLock()
	defer layout.RUnlock()
	addr, err := windows.VirtualAlloc(0, uintptr(n), windows.MEM_RESERVE|windows.MEM_COMMIT, windows.PAGE_READWRITE)
	if err != nil {
		return Region{}, err
	}
	return Region{pointer(addr), n, kindMemory}, nil
}

// pointer turns an address of the system's into a pointer.
func pointer(addr uintptr) unsafe.Pointer {
	// SAFETY: addr is what MapViewOfFile or VirtualAlloc just returned: the base
	// of memory outside the Go heap, which the collector never moves.
	return *(*unsafe.Pointer)(unsafe.Pointer(&addr)) // #nosec G103 -- argued above
}

// Protect makes fresh memory read-only.
func (r Region) Protect() error {
	var old uint32
	return windows.VirtualProtect(uintptr(r.base), uintptr(r.size), windows.PAGE_READONLY, &old)
}

// Revoke makes the range an inaccessible reservation. The region returned
// stands for the range from then on. No map of this module can come between the
// unmap and the reservation; if an allocation of the runtime or of foreign code
// does, the range is no longer ours, and the zero Region is returned.
func (r Region) Revoke() (Region, error) {
	if r.kind == kindMemory {
		var old uint32
		if err := windows.VirtualProtect(uintptr(r.base), uintptr(r.size), windows.PAGE_NOACCESS, &old); err != nil {
			return r, err
		}
		return Region{r.base, r.size, kindReserved}, nil
	}
	layout.Lock()
	defer layout.Unlock()
	if err := windows.UnmapViewOfFile(uintptr(r.base)); err != nil {
		return r, err
	}
	if _, err := windows.VirtualAlloc(uintptr(r.base), uintptr(r.size), windows.MEM_RESERVE, windows.PAGE_NOACCESS); err != nil {
		// The memory is gone, which was the aim; there is nothing left to release,
		// and what is there now is somebody else's.
		return Region{}, nil
	}
	return Region{r.base, r.size, kindReserved}, nil
}

// Release gives the range back to the system, which may place anything there.
func (r Region) Release() error {
	if r.kind == kindFile {
		return windows.UnmapViewOfFile(uintptr(r.base))
	}
	return windows.VirtualFree(uintptr(r.base), 0, windows.MEM_RELEASE)
}

// Advise does nothing: Windows takes hints when a file is opened, not later.
func (r Region) Advise(Advice) error { return nil }
