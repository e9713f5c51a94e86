//go:build unix && !aix && !solaris && !illumos

package attack

import (
	"bytes"
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// fifo puts a pipe in the place of what is there, in one step.
func fifo(path string) error {
	beside := path + ".new"
	if err := unix.Mkfifo(beside, 0o644); err != nil {
		return err
	}
	return os.Rename(beside, path)
}

// mapWrite maps the whole file writable, and dirties every page: what it stores
// from then on leaves no trace in the file's times.
func (h *hold) mapWrite(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	b, err := unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	err = errors.Join(err, f.Close())
	if errors.Is(err, unix.ENODEV) { // the file system has no shared maps
		return ErrMissing
	}
	if err != nil {
		return err
	}
	copy(b, bytes.Clone(b))
	h.mapped = b
	h.keep(func() error { return unix.Munmap(b) })
	return nil
}
