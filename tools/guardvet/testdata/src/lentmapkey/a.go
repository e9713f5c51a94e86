// Package lentmapkey has maps with lent keys that stay, and others.
package lentmapkey

import (
	"unsafe"

	"github.com/mmapguard/go/mmapguard"
)

type key struct {
	name string
	n    int
}

func bad(d *mmapguard.FileData, m map[string]int, keys map[key]bool) error {
	return d.View(func(b []byte) error {
		s := unsafe.String(&b[0], 4)
		m[s] = 1               // want `the key of a map that outlives the callback`
		m[s]++                 // want `the key of a map that outlives the callback`
		keys[key{s, 1}] = true // want `the key of a map that outlives the callback`
		return nil
	})
}

func good(d *mmapguard.FileData, m map[string]int) (n int) {
	_ = d.View(func(b []byte) error {
		s := unsafe.String(&b[0], 4)
		n = m[s] // looks up, and keeps nothing
		m[string(b)] = 1
		delete(m, s)
		local := map[string]int{}
		local[s]++
		return nil
	})
	return n
}
