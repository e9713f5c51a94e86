// Package lentstring has strings that share lent bytes, and strings that do not.
package lentstring

import (
	"unsafe"

	"github.com/mmapguard/go/mmapguard"
)

func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func bad(d *mmapguard.FileData) error {
	return d.View(func(b []byte) error {
		a := unsafe.String(&b[0], len(b))               // want `turned into a string that shares the mapping`
		c := unsafe.String(unsafe.SliceData(b), len(b)) // want `turned into a string that shares the mapping`
		e := *(*string)(unsafe.Pointer(&b))             // want `turned into a string that shares the mapping`
		part := unsafe.String(&b[2], 4)                 // want `turned into a string that shares the mapping`
		f := text(b)                                    // want `turned into a string that shares the mapping by function text`
		_, _, _, _, _ = a, c, e, f, part
		return nil
	})
}

func good(d *mmapguard.FileData) error {
	own := []byte("own")
	return d.View(func(b []byte) error {
		a := string(b)
		c := unsafe.String(&own[0], len(own))
		e := *(*string)(unsafe.Pointer(&own))
		f := text(own)
		_, _, _, _ = a, c, e, f
		return nil
	})
}
