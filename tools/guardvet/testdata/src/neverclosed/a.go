// Package neverclosed has mappings that stay open, and others.
package neverclosed

import (
	"errors"
	"io"
	"io/fs"
	"log"
	"os"

	xmmap "golang.org/x/exp/mmap"
	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

func never(name string) error {
	d, err := mmapguard.MapFile(name) // want `the mapping is never closed`
	if err != nil {
		return err
	}
	return d.View(func(b []byte) error { return nil })
}

func neverRead(name string) (int, error) {
	d, err := mmapguard.Load(name) // want `the mapping is never closed`
	if err != nil {
		return 0, err
	}
	data, err := io.ReadAll(d.NewReader())
	return len(data) + d.Len(), err
}

func onOnePath(name string) error {
	d, err := mmapguard.MapFile(name) // want `the mapping is not closed on the path to the return at line 40`
	if err != nil {
		return err
	}
	if d.Len() == 0 {
		return errors.New("short")
	}
	return d.Close()
}

func falls(name string) {
	r, err := xmmap.Open(name) // want `the mapping is not closed on the path to the return at line 53`
	if err != nil {
		return
	}
	if r.At(0) == 0 {
		_ = r.Close()
	}
}

func raw(fd int) (byte, error) {
	b, err := unix.Mmap(fd, 0, 4096, unix.PROT_READ, unix.MAP_SHARED) // want `the mapping is never closed`
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

func good(name string) error {
	d, err := mmapguard.MapFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer d.Close()
	return d.View(func(b []byte) error { return nil })
}

func goodClosure(name string) (err error) {
	d, err := mmapguard.MapFile(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return d.View(func(b []byte) error { return nil })
}

func goodPaths(name string) error {
	d, err := mmapguard.MapFile(name)
	if err == nil {
		err = d.View(func(b []byte) error { return nil })
		return errors.Join(err, d.Close())
	}
	return err
}

func goodExit(name string) error {
	d, err := mmapguard.MapFile(name)
	if err != nil {
		return err
	}
	if d.Len() == 0 {
		log.Fatal("short")
	}
	return d.Close()
}

type file struct{ d *mmapguard.FileData }

func given(name string) (*mmapguard.FileData, error) { return mmapguard.MapFile(name) }

func kept(name string) (*file, error) {
	d, err := mmapguard.MapFile(name)
	if err != nil {
		return nil, err
	}
	return &file{d}, nil
}

func (f *file) set(name string) (err error) {
	f.d, err = mmapguard.MapFile(name)
	return err
}

func passed(name string, use func(io.Closer)) error {
	d, err := mmapguard.MapFile(name)
	if err != nil {
		return err
	}
	use(d)
	return nil
}

func reader(name string) (io.Reader, error) {
	d, err := mmapguard.MapFile(name)
	if err != nil {
		return nil, err
	}
	return d.NewReader(), nil
}

// expected is how a test asks for an error.
func expected(name string) bool {
	_, err := mmapguard.MapFile(name)
	return errors.Is(err, fs.ErrNotExist)
}

func goodRaw(f *os.File) (byte, error) {
	b, err := unix.Mmap(int(f.Fd()), 0, 4096, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return 0, err
	}
	c := b[0]
	return c, unix.Munmap(b)
}
