// Package lentcgo has bytes that reach C, and bytes that do not.
package lentcgo

/*
static int first(const char *p) { return p[0]; }
static int twice(int n) { return 2 * n; }
*/
import "C"

import (
	"bytes"
	"unsafe"

	"github.com/mmapguard/go/mmapguard"
)

func bad(d *mmapguard.FileData) (n int) {
	_ = d.View(func(b []byte) error {
		n = int(C.first((*C.char)(unsafe.Pointer(&b[0])))) // want `given to C`
		return nil
	})
	return n
}

func good(d *mmapguard.FileData) (n int) {
	_ = d.View(func(b []byte) error {
		c := bytes.Clone(b)
		n = int(C.first((*C.char)(unsafe.Pointer(&c[0]))))
		n += int(C.twice(C.int(b[0])))
		return nil
	})
	return n
}
