package mmapguard

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/gofrs/flock"
)

// openFlock is the mechanism of Cooperative: a shared advisory lock on the very
// inode that is mapped, held until after the unmap.
func openFlock(o *opening) (*FileData, error) {
	step(beforeLock)
	lock, err := o.lockShared()
	if err != nil {
		return nil, err
	}
	step(afterLock)
	c, n, err := o.mapFile()
	if err != nil {
		return nil, join(err, lock.Unlock())
	}
	c.keeper = newFlockKeeper(lock, o)
	return o.handle(c, n, MechanismFlock, Cooperative), nil
}

// handle completes a core and makes it a handle.
func (o *opening) handle(c *core, n int, m Mechanism, g Guarantee) *FileData {
	c.mechanism, c.guarantee, c.opened = m, g, stampOf(o.info)
	return newMapped(c, n)
}

// lockShared locks the open file, without waiting, through a descriptor of the
// lock's own, and proves that both descriptors are of one inode.
func (o *opening) lockShared() (*flock.Flock, error) {
	lock, err := o.tryLock(o.lockPath())
	if errors.Is(err, fs.ErrNotExist) {
		// No /proc here, or the name is gone: the name itself decides.
		lock, err = o.tryLock(o.name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, ErrReplaced
		}
	}
	if err != nil {
		return nil, err
	}
	locked, err := lock.Stat()
	if err == nil && !os.SameFile(locked, o.info) {
		err = ErrReplaced
	}
	if err != nil {
		return nil, join(err, lock.Unlock())
	}
	return lock, nil
}

// neverReopen are permissions that no regular file has. gofrs/flock reopens a
// file read-write when a lock fails with EIO or EBADF, if the file's mode has
// all of these bits; a writable descriptor is exactly what must not exist here.
const neverReopen = fs.ModeDir

func (o *opening) tryLock(path string) (*flock.Flock, error) {
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY|openFlags), flock.SetPermissions(neverReopen))
	ok, err := lock.TryRLock()
	for err != nil && interrupted(err) {
		ok, err = lock.TryRLock()
	}
	switch {
	case err != nil && noLocks(err):
		return nil, unsupported("the file system has no advisory locks: %v", bare(err))
	case err != nil:
		return nil, fmt.Errorf("advisory lock: %w", bare(err))
	case !ok:
		return nil, ErrLocked
	}
	return lock, nil
}

// flockKeeper holds the lock, and where closing any descriptor of a file drops
// the process's locks on it, the descriptor as well.
type flockKeeper struct {
	lock *flock.Flock
	file *os.File
}

func newFlockKeeper(lock *flock.Flock, o *opening) *flockKeeper {
	k := &flockKeeper{lock: lock}
	if closeDropsLocks {
		k.file, o.file = o.file, nil
	}
	return k
}

func (k *flockKeeper) release(revoke func() error) error {
	err := join(revoke(), k.lock.Unlock())
	if k.file != nil {
		err = join(err, k.file.Close())
	}
	return err
}

func (k *flockKeeper) stat() (os.FileInfo, bool, error) {
	info, err := k.lock.Stat()
	return info, true, err
}
