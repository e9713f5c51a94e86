// Package useafterclose has slices that are used too late, and others.
package useafterclose

import (
	"bytes"
	"fmt"
	"os"

	"github.com/edsrzf/mmap-go"
	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

type header struct{ name []byte }

func closed(d *mmapguard.FileData) byte {
	b := d.Bytes()
	part := b[2:]
	_ = d.Close()
	fmt.Println(part) // want `used after their mapping was closed`
	return b[0]       // want `used after their mapping was closed`
}

func onOnePath(d *mmapguard.FileData, early bool) byte {
	b := d.Bytes()
	if early {
		_ = d.Close()
	}
	return b[0] // want `used after their mapping was closed`
}

func deferred(name string) ([]byte, error) {
	d, err := mmapguard.MapFile(name)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.Bytes(), nil // want `a deferred call closes their mapping`
}

func deferredPart(name string) (h header, err error) {
	d, err := mmapguard.MapFile(name)
	if err != nil {
		return header{}, err
	}
	defer d.Close()
	b := d.Bytes()
	h = header{name: bytes.TrimSpace(b[4:8])}
	return h, nil // want `a deferred call closes their mapping`
}

type file struct{ data *mmapguard.FileData }

func (f *file) field() int {
	b := f.data.Bytes()
	_ = f.data.Close()
	return bytes.IndexByte(b, 0) // want `used after their mapping was closed`
}

func unmapped(f *os.File) (byte, error) {
	m, err := mmap.Map(f, 0, 0)
	if err != nil {
		return 0, err
	}
	head := m[:4]
	if err := m.Unmap(); err != nil {
		return 0, err
	}
	return head[0], nil // want `used after their mapping was closed`
}

func munmapped(fd int) (string, error) {
	b, err := unix.Mmap(fd, 0, 4096, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return "", err
	}
	if err := unix.Munmap(b); err != nil {
		return "", err
	}
	return string(b), nil // want `used after their mapping was closed`
}

func munmappedLater(fd int) ([]byte, error) {
	b, err := unix.Mmap(fd, 0, 4096, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	defer unix.Munmap(b)
	return b[:10], nil // want `a deferred call closes their mapping`
}

func good(d *mmapguard.FileData) (byte, int, error) {
	b := d.Bytes()
	c := bytes.Clone(b)
	first := b[0]
	n := len(b)
	err := d.Close()
	if b == nil {
		return 0, len(b), err
	}
	return first + c[0], n, err
}

func goodDeferred(name string) (string, []byte, error) {
	d, err := mmapguard.MapFile(name)
	if err != nil {
		return "", nil, err
	}
	defer d.Close()
	b := d.Bytes()
	return string(b), bytes.Clone(b), nil
}

func goodOnError(d *mmapguard.FileData) ([]byte, error) {
	b := d.Bytes()
	if len(b) < 4 {
		return nil, d.Close()
	}
	return b, nil
}

func goodLoop(names []string) (n int, err error) {
	for _, name := range names {
		d, err := mmapguard.MapFile(name)
		if err != nil {
			return 0, err
		}
		b := d.Bytes()
		n += int(b[0])
		if err := d.Close(); err != nil {
			return 0, err
		}
	}
	return n, nil
}

func goodReopened(d, e *mmapguard.FileData, again bool) byte {
	b := d.Bytes()
	if again {
		_ = d.Close()
		b = e.Bytes()
	}
	return b[0]
}

func goodOther(d, e *mmapguard.FileData) byte {
	b := d.Bytes()
	_ = e.Close()
	return b[0]
}

func goodUnmapped(f *os.File) (err error) {
	m, err := mmap.Map(f, 0, 0)
	if err != nil {
		return err
	}
	defer func() { err = m.Unmap() }()
	fmt.Println(m[0])
	return nil
}

// parse returns what it was given, or an error that has nothing of it.
func parse(b []byte) (*header, error) {
	if len(b) == 0 {
		return nil, os.ErrInvalid
	}
	return &header{b}, nil
}

func goodParsed(d *mmapguard.FileData) (*header, error) {
	h, err := parse(d.Bytes())
	if err != nil {
		_ = d.Close()
		return nil, fmt.Errorf("parsing: %w", err)
	}
	return h, nil
}
