//go:build unix && !aix

package boundary_test

import (
	"testing"
	"unsafe"

	"github.com/mmapguard/go/mmapguard/internal/boundary"
)

// SAFETY: the address is only told, never made a pointer again.
func address(r boundary.Region) uintptr { return uintptr(unsafe.Pointer(&r.Bytes()[0])) }

// An address counts by its page: some processors report no more of it.
func TestLocate(t *testing.T) {
	r := reserve(t, 4*page)
	base := address(r)
	at := func(offset int) uintptr { return base + uintptr(offset) }
	for _, c := range []struct {
		what     string
		addr     uintptr
		from, to int
		offset   int
		ours     bool
	}{
		{"first byte", at(0), 0, 4 * page, 0, true},
		{"somewhere", at(page + 5), 0, 4 * page, page + 5, true},
		{"last byte", at(4*page - 1), 0, 4 * page, 4*page - 1, true},
		{"one behind", at(4 * page), 0, 4 * page, 0, false},
		{"one before", base - 1, 0, 4 * page, 0, false},
		{"null", 0, 0, 4 * page, 0, false},
		{"highest", ^uintptr(0), 0, 4 * page, 0, false},
		{"start of the range's page", at(page), page + 100, page + 200, page + 100, true},
		{"end of the range's page", at(2*page - 1), page + 100, page + 200, page + 199, true},
		{"page before the range", at(page - 1), page + 100, page + 200, 0, false},
		{"page behind the range", at(2 * page), page + 100, page + 200, 0, false},
		{"range that ends with a page", at(2 * page), page, 2 * page, 0, false},
		{"empty range", at(page), page, page, 0, false},
		{"range the wrong way round", at(page), page, 0, 0, false},
	} {
		if offset, ours := r.Locate(c.addr, c.from, c.to); offset != c.offset || ours != c.ours {
			t.Errorf("%s: %d, %v, want %d, %v", c.what, offset, ours, c.offset, c.ours)
		}
	}
	if _, ours := (boundary.Region{}).Locate(0, 0, page); ours {
		t.Error("the zero Region has an address")
	}
}
