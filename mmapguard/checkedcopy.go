package mmapguard

import (
	"bytes"
	"errors"
	"fmt"
	"time"
)

const (
	// copyAttempts is how often a copy is tried on a file that keeps changing.
	copyAttempts = 5
	// settleTimeout is how long a running write is waited for.
	settleTimeout = 2 * time.Second
)

// errStalled is the ErrChanged of a write that does not end: another attempt
// would wait as long again.
var errStalled error = &sentinel{"a write has been running", []error{ErrChanged}}

// openCheckedCopy copies the file, reads it again and compares everything
// (a double collect): what was the same twice, with no write running in
// between and no sign of one in the file's times, was there at one moment.
//
// The times alone prove nothing: a write sets ctime when it starts and may
// still be storing. Two kinds of writers stay undetected, because the kernel
// lets no reader wait for them: one through a shared map, which leaves no sign
// but its bytes; and a direct write (O_DIRECT) that overwrites in place, during
// which cached pages still show the old bytes. How often either gets through is
// counted by conformance/property, under "residual".
func openCheckedCopy(o *opening) (*FileData, error) {
	return o.withLock(o.retryChecked)
}

func (o *opening) retryChecked() (*FileData, error) {
	for attempt := 1; ; attempt++ {
		d, err := o.copyChecked()
		if err == nil || attempt == copyAttempts || !errors.Is(err, ErrChanged) || errors.Is(err, errStalled) {
			return d, err
		}
	}
}

func (o *opening) copyChecked() (*FileData, error) {
	if err := o.settle(); err != nil {
		return nil, err
	}
	off, n, err := o.measure()
	if err != nil {
		return nil, err
	}
	if err := o.checkCopy(n); err != nil {
		return nil, err
	}
	return o.private(func(dst []byte) error {
		if err := fill(dst, o.file, off, never); err != nil {
			return err
		}
		return o.compare(dst, off)
	}, n, MechanismCheckedCopy)
}

// compare reads everything a second time.
func (o *opening) compare(copied []byte, off int64) error {
	step(afterCopy)
	if err := o.settle(); err != nil {
		return err
	}
	buf := make([]byte, min(len(copied), copyStep))
	for at := 0; at < len(copied); {
		n := min(len(copied)-at, len(buf))
		if err := fillPart(buf[:n], o.file, off+int64(at), never); err != nil {
			return err
		}
		if !bytes.Equal(buf[:n], copied[at:at+n]) {
			return changed("a second read differs from the first within %d bytes from offset %d", n, off+int64(at))
		}
		at += n
	}
	now, err := o.file.Stat()
	if err != nil {
		return err
	}
	if !unchanged(o.info, now) {
		return changed("its size or its times moved while it was copied")
	}
	return nil
}

// settle waits until a write that is running has ended. The waiting is done by
// a goroutine of its own, because a file system may keep it for ever; it then
// holds nothing but a descriptor of its own.
func (o *opening) settle() error {
	waiter, err := duplicate(o.file)
	if err != nil {
		return err
	}
	// The duplicate has the original's position, which is not ours to move if
	// the original is the caller's.
	mayMove := !o.shared
	done := make(chan struct{})
	go func() {
		defer close(done)
		awaitWriter(waiter, mayMove)
		_ = waiter.Close()
	}()
	timeout := time.NewTimer(settleTimeout)
	defer timeout.Stop()
	select {
	case <-done:
		return nil
	case <-timeout.C:
		return fmt.Errorf("%w for %v", errStalled, settleTimeout)
	}
}
