package mmapguard

import (
	"errors"
	"fmt"
	"time"
)

// leaseAttempts and leasePause bound how long a writer is waited for whose
// presence keeps a lease from being had: about half a second in all.
const (
	leaseAttempts = 10
	leasePause    = 10 * time.Millisecond
)

// openLeasedCopy copies the file while a lease proves that there is no writer
// and no writable map. A writer who comes meanwhile waits until the copy is
// there.
func openLeasedCopy(o *opening) (*FileData, error) {
	if err := o.canLease(); err != nil {
		return nil, err
	}
	return o.withLock(func() (*FileData, error) { return o.retryLeased(o.copyLeased) })
}

// retryLeased tries again while a writer is there. If it stays, no consistent
// version of the file is to be had, which other mechanisms would only hide.
func (o *opening) retryLeased(do func() (*FileData, error)) (*FileData, error) {
	for attempt := 1; ; attempt++ {
		d, err := do()
		switch {
		case err == nil, !errors.Is(err, ErrLocked) && !errors.Is(err, errLeaseLost):
			return d, err
		case attempt == leaseAttempts:
			return nil, fmt.Errorf("%w: %w, also after %d attempts", ErrChanged, err, attempt)
		}
		time.Sleep(time.Duration(attempt) * leasePause)
	}
}

func (o *opening) copyLeased() (*FileData, error) {
	return o.leased(func() (*FileData, error) {
		off, n, err := o.measure()
		if err != nil {
			return nil, err
		}
		if err := o.checkCopy(n); err != nil {
			return nil, err
		}
		return o.private(func(dst []byte) error { return fill(dst, o.file, off, never) }, n, MechanismLeasedCopy)
	})
}

// leased runs a copy under a lease. If the kernel took the lease away before
// the copy was done, the copy is worth nothing.
func (o *opening) leased(do func() (*FileData, error)) (*FileData, error) {
	step(beforeLock)
	if err := takeLease(o.file); err != nil {
		return nil, err
	}
	step(afterLock)
	d, err := do()
	step(afterCopy)
	if lost := dropLease(o.file); lost != nil {
		if d != nil {
			err = join(err, d.Close())
		}
		return nil, join(lost, err)
	}
	return d, err
}
