package recipes_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"

	"github.com/mmapguard/go/mmapguard"
)

// ANCHOR: expmmap

func byteAt(name string, i int64) (byte, error) {
	r, err := mmapguard.MapFile(name) // was mmap.Open(name)
	if err != nil {
		return 0, err
	}
	defer func() { _ = r.Close() }()

	var one [1]byte // was r.At(i)
	_, err = r.ReadAt(one[:], i)
	return one[0], err
}

// ANCHOR_END: expmmap

// ANCHOR: mmapgo

func contains(f *os.File, word []byte) (found bool, err error) {
	d, err := mmapguard.MapOpenFile(f) // was mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return false, err
	}
	defer func() { _ = d.Close() }() // was m.Unmap()

	err = d.View(func(m []byte) error {
		found = bytes.Contains(m, word)
		return nil
	})
	return found, err
}

// ANCHOR_END: mmapgo

// ANCHOR: unixmmap

func version(name string, off int64) (v uint32, err error) {
	d, err := mmapguard.MapFile(name, mmapguard.WithRange(off, 4)) // was unix.Mmap from the start of off's page
	if err != nil {
		return 0, err
	}
	defer func() { _ = d.Close() }() // was unix.Munmap

	err = d.View(func(b []byte) error {
		v = binary.LittleEndian.Uint32(b)
		return nil
	})
	return v, err
}

// ANCHOR_END: unixmmap

// ANCHOR: readfile

func withConfig(name string, use func(config []byte) error) error {
	d, err := mmapguard.MapFile(name, mmapguard.WithGuarantee(mmapguard.Isolated)) // was os.ReadFile(name)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	return use(d.Bytes())
}

// ANCHOR_END: readfile

func Example_migrating() {
	path, remove := newFile("words", []byte("one two three"))
	defer remove()

	fmt.Println(byteAt(path, 4))
	f, err := os.Open(path)
	must(err)
	fmt.Println(contains(f, []byte("three")))
	must(f.Close())
	fmt.Println(version(path, 4))
	fmt.Println(withConfig(path, func(b []byte) error { fmt.Println(len(b)); return nil }))
	// Output:
	// 116 <nil>
	// true <nil>
	// 544175988 <nil>
	// 13
	// <nil>
}
