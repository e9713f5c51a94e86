// Package lentprint has strings that the runtime prints, and others.
package lentprint

import (
	"fmt"
	"unsafe"

	"github.com/mmapguard/go/mmapguard"
)

func bad(d *mmapguard.FileData) error {
	return d.View(func(b []byte) error {
		s := unsafe.String(&b[0], len(b))
		println(s)             // want `printed by the runtime`
		print("name: ", s[1:]) // want `printed by the runtime`
		return nil
	})
}

func good(d *mmapguard.FileData) error {
	return d.View(func(b []byte) error {
		println(string(b), len(b), b[0])
		println(b) // the address alone
		fmt.Println(unsafe.String(&b[0], len(b)))
		return nil
	})
}
