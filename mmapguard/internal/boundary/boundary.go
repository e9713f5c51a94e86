// Package boundary is the one place of the module where memory comes from the
// operating system instead of the Go runtime. It reserves, maps, replaces and
// releases ranges of address space, and turns a range into a slice; nothing
// else. Whether a range may be touched, and by whom, is the library's business.
//
// It is the only package that imports unsafe.
package boundary

import (
	"os"
	"unsafe"
)

// Region is a range of address space that belongs to this module. The zero
// Region has no memory.
type Region struct {
	base unsafe.Pointer
	size int
	kind kind
}

// kind tells what occupies the range, because some systems release a view of
// a file and a reservation by different calls.
type kind uint8

const (
	kindFile kind = iota
	kindMemory
	kindReserved
)

// Advice is a hint about how a region will be read.
type Advice int

// The hints that a kernel may make use of.
const (
	Sequential Advice = iota
	Random
)

// Len is the region's length in bytes, as it was asked for.
func (r Region) Len() int { return r.size }

// IsZero reports whether the region has no memory.
func (r Region) IsZero() bool { return r.base == nil }

// Bytes is the region as a slice whose capacity is its length, so that no
// append and no reslicing reaches the rest of the last page.
//
// The slice dangles once the region is released: the caller must see to it
// that nothing reaches it then.
func (r Region) Bytes() []byte {
	// SAFETY: base and size are what the operating system answered to a map of
	// size bytes, so the whole range is this module's; size > 0 and fits an int
	// (checked before the map). The memory is outside the Go heap, so the
	// collector neither moves nor frees it. The library hands out copies of
	// this slice that end at its length and stops using it before Release.
	return unsafe.Slice((*byte)(r.base), r.size) // #nosec G103 -- argued above
}

// Locate tells whether a fault at the given address lies in the bytes
// [from, to) of the region, and at which offset from the region's start.
// Addresses are compared by page: s390x drops the low bits of a fault address.
func (r Region) Locate(addr uintptr, from, to int) (int, bool) {
	page := uintptr(pageSize)
	base := uintptr(r.base)
	first := (base + uintptr(from)) &^ (page - 1)
	last := (base + uintptr(to) - 1) &^ (page - 1)
	at := addr &^ (page - 1)
	if r.base == nil || from >= to || at < first || at > last {
		return 0, false
	}
	offset := from
	if addr > base+uintptr(from) {
		offset = int(addr - base)
	}
	return min(offset, to-1), true
}

// Pages is the number of address-space bytes the region occupies.
func (r Region) Pages() int64 {
	page := int64(pageSize)
	return (int64(r.size) + page - 1) / page * page
}

// Before orders regions by address.
func (r Region) Before(o Region) bool { return uintptr(r.base) < uintptr(o.base) }

// Join makes one region of two reservations that touch, r before o, so that one
// call releases both. Systems that release by reservation never join.
func (r Region) Join(o Region) (Region, bool) {
	if !canJoin || r.kind != kindReserved || o.kind != kindReserved ||
		uintptr(r.base)+uintptr(r.Pages()) != uintptr(o.base) { // #nosec G115 -- a size is not negative
		return Region{}, false
	}
	return Region{r.base, int(r.Pages()) + o.size, kindReserved}, true
}

var pageSize = os.Getpagesize()

// PageSize is the size of a memory page in bytes.
func PageSize() int { return pageSize }
