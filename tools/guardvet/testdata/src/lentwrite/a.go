// Package lentwrite has stores into lent bytes, and others.
package lentwrite

import "github.com/mmapguard/go/mmapguard"

func zero(p []byte) { p[0] = 0 }

func bad(d *mmapguard.FileData, src []byte) error {
	return d.View(func(b []byte) error {
		b[0] = 1      // want `written to`
		b[1]++        // want `written to`
		copy(b, src)  // want `written to`
		clear(b[2:4]) // want `written to`
		zero(b)       // want `written to by function zero`
		return nil
	})
}

func good(d *mmapguard.FileData, dst []byte) error {
	return d.View(func(b []byte) error {
		dst[0] = b[0]
		copy(dst, b)
		words := [][]byte{b}
		words[0] = nil
		zero(dst)
		return nil
	})
}
