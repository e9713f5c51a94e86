package conformance

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/mmapguard/go/mmapguard"
)

// before makes n bytes of a pattern that repeats with no power of two, so that
// a page in the wrong place shows. after makes n other bytes, none of which is
// the one of before.
func before(n int) []byte { return pattern(n, 0) }
func after(n int) []byte  { return pattern(n, 0x80) }

func pattern(n int, high byte) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i%113+1) | high
	}
	return b
}

// noise makes n random bytes, so that no page is like another one on the disk.
func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it does not fail (crypto/rand)
	return b
}

// pages is n memory pages in bytes.
func pages(n int) int { return n * os.Getpagesize() }

// some is the size of files whose size does not matter: enough for the kernel
// not to hold all of it by reading ahead, and no multiple of a page.
func some() int { return pages(64) + 123 }

// read reads all of a handle in one call.
func read(d *mmapguard.FileData) ([]byte, error) {
	b := make([]byte, d.Len())
	n, err := d.ReadAt(b, 0)
	if errors.Is(err, io.EOF) && n == len(b) {
		err = nil
	}
	return b[:n], err
}

// shows checks that a handle shows just these bytes.
func (e *Env) shows(d *mmapguard.FileData, want []byte, when string) {
	got, err := read(d)
	if err != nil {
		e.failed("%s: reading: %v", when, err)
	}
	e.same(got, want, when)
}

func (e *Env) same(got, want []byte, when string) {
	if !bytes.Equal(got, want) {
		e.broken("%s: %s", when, difference(got, want))
	}
}

// difference describes the first one.
func difference(got, want []byte) string {
	if len(got) != len(want) {
		return fmt.Sprintf("%d bytes, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			return fmt.Sprintf("byte %d of %d is %#x, want %#x", i, len(got), got[i], want[i])
		}
	}
	return "none"
}
