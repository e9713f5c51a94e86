// Package lentsend has sends straight from mapped memory, and others.
package lentsend

import (
	"os"

	"github.com/edsrzf/mmap-go"
	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

func bad(d *mmapguard.FileData, ch chan byte, v int) error {
	return d.View(func(b []byte) error {
		ch <- b[0] // want `sent straight from the mapping`
		part := b[2:]
		ch <- (part[v]) // want `sent straight from the mapping`
		select {
		case ch <- b[1]: // want `sent straight from the mapping`
		default:
		}
		return nil
	})
}

func pass(b []byte, ch chan byte) { ch <- b[0] }

func helped(d *mmapguard.FileData, ch chan byte) error {
	return d.View(func(b []byte) error {
		pass(b, ch) // want `sent straight from the mapping by function pass`
		return nil
	})
}

func plain(d *mmapguard.FileData, f *os.File, ch chan byte) error {
	b := d.Bytes()
	ch <- b[0] // want `sent straight from the mapping`
	m, err := mmap.Map(f, 0, 0)
	if err != nil {
		return err
	}
	ch <- m[0] // want `sent straight from the mapping`
	raw, err := unix.Mmap(3, 0, 4096, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return err
	}
	ch <- raw[0] // want `sent straight from the mapping`
	return unix.Munmap(raw)
}

func good(d *mmapguard.FileData, ch chan byte, ints chan int, own []byte) error {
	return d.View(func(b []byte) error {
		v := b[0]
		ch <- v
		ch <- own[0]
		ints <- int(b[0])
		ints <- len(b)
		return nil
	})
}
