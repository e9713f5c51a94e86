package mmapguard

import (
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// openClonefile clones the file into a directory that only this user can enter,
// opens the clone, and removes both before it maps it (clonefile(2)).
func openClonefile(o *opening) (*FileData, error) {
	return o.withLock(func() (*FileData, error) {
		clone, err := cloneHidden(o.file, filepath.Dir(o.name))
		if err != nil {
			return nil, err
		}
		private := *o
		private.file = clone
		defer private.done()
		c, n, err := private.mapFile()
		if err != nil {
			return nil, err
		}
		return private.handle(c, n, MechanismClonefile, Isolated), nil
	})
}

func cloneHidden(f *os.File, beside string) (clone *os.File, err error) {
	dir, err := os.MkdirTemp(beside, ".mmapguard-")
	if err != nil {
		return nil, unsupported("no clone can be made in %s: %v", beside, bare(err))
	}
	name := filepath.Join(dir, "clone")
	defer func() {
		if rmErr := os.RemoveAll(dir); rmErr != nil && clone != nil {
			err, clone = join(rmErr, clone.Close()), nil
		}
	}()
	err = control(f, func(fd uintptr) error {
		return unix.Fclonefileat(int(fd), unix.AT_FDCWD, name, unix.CLONE_NOOWNERCOPY)
	})
	if err != nil {
		return nil, unsupported("the file system does not clone this file: %v", err)
	}
	return os.OpenFile(name, os.O_RDONLY|openFlags, 0) // #nosec G304 -- the name was made here
}
