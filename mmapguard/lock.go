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
	lock, locked, err := o.lockShared()
	if err != nil {
		return nil, err
	}
	// What the lock saw of the inode is the second look at the file: another one
	// through the file's own descriptor would show nothing else.
	c, n, err := o.mapSeen(locked)
	if err != nil {
		return nil, join(err, lock.Unlock())
	}
	c.keeper = newFlockKeeper(lock, o)
	return o.handle(c, n, MechanismFlock, Cooperative), nil
}

// handle completes a core and makes it a handle.
func (o *opening) handle(c *core, n int, m Mechanism, g Guarantee) *FileData {
	c.mechanism, c.guarantee = m, g
	return newMapped(c, n)
}

// lockShared locks the open file, without waiting, through a descriptor of the
// lock's own, and returns what it saw of the file then.
func (o *opening) lockShared() (*flock.Flock, fs.FileInfo, error) {
	if o.named && lockByNameFirst {
		// Whatever is wrong with the name by now, the descriptor decides.
		if lock, locked, err := o.lockAs(o.name); err == nil {
			return lock, locked, nil
		}
	}
	lock, locked, err := o.lockAs(o.lockPath())
	if errors.Is(err, fs.ErrNotExist) {
		// No /proc here, or the name is gone: the name itself decides.
		lock, locked, err = o.lockAs(o.name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil, ErrReplaced
		}
	}
	return lock, locked, err
}

// lockAs locks the file by a name, and proves that this still leads to the inode
// that is open.
func (o *opening) lockAs(path string) (*flock.Flock, fs.FileInfo, error) {
	lock, err := tryLock(path)
	if err != nil {
		return nil, nil, err
	}
	step(afterLock)
	locked, err := lock.Stat()
	if err == nil && !os.SameFile(locked, o.info) {
		err = ErrReplaced
	}
	if err != nil {
		return nil, nil, join(err, lock.Unlock())
	}
	return lock, locked, nil
}

// neverReopen are permissions that no regular file has. gofrs/flock reopens a
// file read-write when a lock fails with EIO or EBADF, if the file's mode has
// all of these bits; a writable descriptor is exactly what must not exist here.
const neverReopen = fs.ModeDir

func tryLock(path string) (*flock.Flock, error) {
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

func (k *flockKeeper) stat() (stamp, bool, error) {
	info, err := k.lock.Stat()
	if err != nil {
		return stamp{}, true, err
	}
	return stampOf(info), true, nil
}
