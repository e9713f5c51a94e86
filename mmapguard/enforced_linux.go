package mmapguard

import (
	"errors"
	"os"
	"sync"
	"sync/atomic"
)

// openLease is the mechanism of Enforced on Linux: the file itself, mapped under
// a read lease. Before a writer may touch the file, the bytes are moved to
// private memory under the same addresses (see rescue).
//
// The lease tells of writers; that somebody who is about to write has locked the
// file already is told by the lock alone.
func openLease(o *opening) (*FileData, error) {
	if err := o.canLease(); err != nil {
		return nil, err
	}
	step(beforeLock)
	if err := takeLease(o.file); err != nil {
		return nil, err
	}
	step(afterLock)
	err := o.checkLock()
	var d *FileData
	if err == nil {
		d, err = o.mapLeased()
	}
	if err != nil {
		return nil, join(err, ignoreLost(dropLease(o.file)))
	}
	return d, nil
}

func (o *opening) mapLeased() (*FileData, error) {
	spare, err := o.spareClone()
	if err != nil {
		return nil, err
	}
	c, n, err := o.mapFile()
	if err != nil {
		return nil, join(err, closeFile(spare))
	}
	k := &leaseKeeper{core: c, file: o.file, spare: spare, off: o.off - int64(c.delta)}
	o.file = nil
	c.keeper = k
	d := o.handle(c, n, MechanismLease, Enforced)
	watch.add(k)
	return d, nil
}

// spareClone sees to it that the rescue of a file that may not be copied is
// possible: a promise that could not be kept is not made. It is nil for files
// that may be copied.
func (o *opening) spareClone() (*os.File, error) {
	_, n, err := o.measure()
	if err != nil {
		return nil, err
	}
	tooLarge := o.checkCopy(n)
	if tooLarge == nil {
		return nil, nil
	}
	spare, err := cloneOf(o.file)
	if err != nil {
		return nil, join(tooLarge, err)
	}
	if err := spare.Truncate(0); err != nil {
		return nil, join(err, spare.Close())
	}
	return spare, nil
}

// leaseKeeper holds the lease as long as the mapping shows the file.
type leaseKeeper struct {
	core  *core
	spare *os.File // an empty unnamed file to clone to, if copying is no option
	off   int64    // of the region in the file

	closing atomic.Bool // makes a rescue that is running give way to release

	mu   sync.Mutex
	file *os.File // with the lease; nil once the bytes do not depend on it
}

func (k *leaseKeeper) release(revoke func() error) error {
	k.closing.Store(true)
	k.mu.Lock()
	err := revoke()
	if k.file != nil {
		err = errors.Join(err, ignoreLost(dropLease(k.file)), k.detach())
	}
	k.mu.Unlock()
	watch.remove(k)
	return err
}

// detach closes the descriptors; the lease must be gone.
func (k *leaseKeeper) detach() error {
	err := errors.Join(k.file.Close(), closeFile(k.spare))
	k.file, k.spare = nil, nil
	return err
}

func (k *leaseKeeper) stat() (stamp, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.file == nil {
		return stamp{}, false, nil
	}
	now, err := stampNow(k.file)
	return now, true, err
}

// ignoreLost passes over a lease that is gone already, where that was the aim.
func ignoreLost(err error) error {
	if err == errLeaseLost { //nolint:errorlint // our own, never wrapped
		return nil
	}
	return err
}

func closeFile(f *os.File) error {
	if f == nil {
		return nil
	}
	return f.Close()
}
