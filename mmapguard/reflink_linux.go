package mmapguard

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// openReflink clones the file into one without a name and maps that. The file
// system shares the blocks and makes the clone at one moment: it waits for a
// write that is running, and for mapped pages to be written back
// (ioctl_ficlone(2)).
func openReflink(o *opening) (*FileData, error) {
	return o.withLock(func() (*FileData, error) {
		clone, err := cloneOf(o.file)
		if err != nil {
			return nil, err
		}
		defer func() { _ = clone.Close() }()
		readable, err := reopenReadOnly(clone)
		if err != nil {
			return nil, err
		}
		// From here on the clone stands for the file: the handle's bytes, size
		// and limits are those of the version that was cloned.
		private := *o
		private.file = readable
		defer private.done()
		c, n, err := private.mapFile()
		if err != nil {
			return nil, err
		}
		return private.handle(c, n, MechanismReflink, Isolated), nil
	})
}

// cloneOf clones a file into an unnamed one of the same directory.
func cloneOf(f *os.File) (*os.File, error) {
	clone, err := unnamedBeside(f)
	if err != nil {
		return nil, err
	}
	if err := cloneInto(clone, f); err != nil {
		return nil, join(err, clone.Close())
	}
	return clone, nil
}

// unnamedBeside makes a file without a name, which nobody can give it one
// (O_EXCL), in the directory that a file is in now.
func unnamedBeside(f *os.File) (*os.File, error) {
	var name string
	err := control(f, func(fd uintptr) (err error) {
		name, err = os.Readlink(procPath(fd))
		return err
	})
	if err != nil {
		return nil, unsupported("the file's directory is not to be found: %v", bare(err))
	}
	dir := filepath.Dir(name)
	clone, err := os.OpenFile(dir, os.O_RDWR|os.O_EXCL|unix.O_TMPFILE|unix.O_CLOEXEC, 0o400) // #nosec G304 -- the directory of the file that was opened
	if err != nil {
		return nil, unsupported("no unnamed file can be made in %s: %v", dir, bare(err))
	}
	return clone, nil
}

// cloneInto makes clone share all of f's blocks, in place of its own.
func cloneInto(clone, f *os.File) error {
	return control(clone, func(to uintptr) error {
		return control(f, func(from uintptr) error {
			err := unix.IoctlFileClone(int(to), int(from))
			switch {
			case isOneOf(err, unix.EOPNOTSUPP, unix.ENOTTY, unix.ENOSYS, unix.EINVAL, unix.EXDEV, unix.ETXTBSY, unix.EPERM):
				return unsupported("the file system does not clone this file: %v", err)
			case err != nil:
				return fmt.Errorf("cloning: %w", err)
			}
			return nil
		})
	})
}

// reopenReadOnly opens a private file again so that no map of it can be made
// writable.
func reopenReadOnly(f *os.File) (readable *os.File, err error) {
	err = control(f, func(fd uintptr) (err error) {
		readable, err = os.OpenFile(procPath(fd), os.O_RDONLY|openFlags, 0)
		return err
	})
	if err != nil {
		return nil, unsupported("a private file cannot be opened for reading only: %v", bare(err))
	}
	return readable, nil
}
