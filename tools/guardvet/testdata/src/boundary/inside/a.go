// Package inside may use unsafe, with arguments.
package inside

import "unsafe"

type region struct{ base unsafe.Pointer }

func (r region) bytes(n int) []byte {
	// SAFETY: the range is n bytes long.
	return unsafe.Slice((*byte)(r.base), n)
}

// SAFETY: the address is only told.
func address(b []byte) uintptr { return uintptr(unsafe.Pointer(&b[0])) }

func (r region) number() uintptr { return uintptr(r.base) }

const size = unsafe.Sizeof(region{})

func (r region) first() byte {
	return *(*byte)(r.base) // want `no comment above it that begins with SAFETY:`
}

func (r region) next() unsafe.Pointer {
	// safety: this is no argument.
	p := unsafe.Add(r.base, 1) // want `no comment above it that begins with SAFETY:`

	// SAFETY: too far away.

	q := unsafe.Pointer(&r) // want `no comment above it that begins with SAFETY:`
	_ = q
	return p
}
