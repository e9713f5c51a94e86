package mmapguard

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/mmapguard/go/mmapguard/internal/boundary"
)

// copyStep is how many bytes are copied between two looks at whether the copy
// is still wanted.
const copyStep = 2 << 20

// parallelCopy is the size from which two goroutines copy faster than one: the
// first touch of fresh memory costs more than the copying.
const parallelCopy = 8 << 20

// checkCopy refuses what WithMaxCopy does not allow to copy.
func (o *opening) checkCopy(n int) error {
	if overLimit(int64(n), o.maxCopy) {
		return fmt.Errorf("%w: %d bytes, the limit is %d (WithMaxCopy)", errCopyLimit, n, o.maxCopy)
	}
	return nil
}

// fill reads the file from offset off until dst is full. A file that ends
// before is ErrChanged. It stops early, with the error, once stop answers one.
func fill(dst []byte, f io.ReaderAt, off int64, stop func() error) error {
	if len(dst) < parallelCopy {
		return fillPart(dst, f, off, stop)
	}
	half := len(dst) / 2 / boundary.PageSize() * boundary.PageSize()
	var rest error
	var wg sync.WaitGroup
	wg.Go(func() { rest = fillPart(dst[half:], f, off+int64(half), stop) })
	err := fillPart(dst[:half], f, off, stop)
	wg.Wait()
	return errors.Join(err, rest)
}

func fillPart(dst []byte, f io.ReaderAt, off int64, stop func() error) error {
	for len(dst) > 0 {
		if err := stop(); err != nil {
			return err
		}
		n := min(len(dst), copyStep)
		m, err := f.ReadAt(dst[:n], off)
		if m < n {
			return readFailure(err, off+int64(m))
		}
		dst, off = dst[n:], off+int64(n)
	}
	return nil
}

// readFailure explains a read that came back short.
func readFailure(err error, off int64) error {
	if err == nil || errors.Is(err, io.EOF) {
		return changed("it ends at %d bytes now", off)
	}
	return fmt.Errorf("reading at offset %d: %w", off, bare(err))
}

func never() error { return nil }

// private makes a handle of memory that was filled by a copy.
func (o *opening) private(fillMemory func(dst []byte) error, n int, m Mechanism) (*FileData, error) {
	if !boundary.Supported {
		b := make([]byte, n)
		if err := fillMemory(b); err != nil {
			return nil, err
		}
		return newLoaded(o.name, b, m), nil
	}
	region, err := mapRetrying(func() (boundary.Region, error) { return boundary.Reserve(n) })
	if err != nil {
		return nil, mapError(err)
	}
	err = fillMemory(region.Bytes())
	if err == nil {
		err = region.Protect()
	}
	if err != nil {
		return nil, join(err, region.Release())
	}
	c := &core{name: o.name, region: region}
	return o.handle(c, n, m, Isolated), nil
}

// lockForCopy keeps processes that respect locks from changing the file while
// it is copied. A file system without locks gives up nothing but that.
func (o *opening) lockForCopy() (unlock func() error, err error) {
	lock, _, err := o.lockShared()
	switch {
	case errors.Is(err, ErrUnsupported):
		return never, nil
	case err != nil:
		return nil, err
	}
	return lock.Unlock, nil
}

// withLock runs a copy under the lock.
func (o *opening) withLock(do func() (*FileData, error)) (*FileData, error) {
	unlock, err := o.lockForCopy()
	if err != nil {
		return nil, err
	}
	d, err := do()
	if unlockErr := unlock(); unlockErr != nil {
		if d != nil {
			err = join(err, d.Close())
		}
		return nil, join(unlockErr, err)
	}
	return d, err
}

// sameFile tells whether two descriptions are of one unchanged file.
func unchanged(before, after os.FileInfo) bool {
	return os.SameFile(before, after) && stampOf(before) == stampOf(after)
}
