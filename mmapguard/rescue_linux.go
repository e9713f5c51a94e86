package mmapguard

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/mmapguard/go/mmapguard/internal/boundary"
)

// check looks whether a writer waits for the lease, and rescues the bytes if
// so. It reports whether the lease has ended.
func (k *leaseKeeper) check() (ended bool) {
	if !k.mu.TryLock() {
		return false // release is at work
	}
	defer k.mu.Unlock()
	if k.file == nil {
		return true
	}
	if leaseHeld(k.file) {
		return false
	}
	return k.rescue()
}

var errGivingWay = errors.New("closing")

// rescue makes the bytes independent of the file, in place, and then lets the
// writer in. If that fails the bytes are made inaccessible first: nobody ever
// sees what the writer does. It reports whether the lease has ended.
func (k *leaseKeeper) rescue() (ended bool) {
	deadline := rescueDeadline(time.Now())
	step(beforeRescue)
	err := k.moveAway(deadline)
	if errors.Is(err, errGivingWay) {
		return false
	}
	if err != nil && !k.revoke() {
		return false // the lease stays, and the next look tries again
	}
	step(beforeDrop)
	if errors.Is(dropLease(k.file), errLeaseLost) {
		// The kernel had let the writer in already. What was copied may be a mix.
		k.revoke()
	}
	_ = k.detach() // descriptors of this process's own; the bytes are safe
	return true
}

// moveAway puts private memory with the same bytes in the file's place: a clone
// if the file system makes them, else a copy.
func (k *leaseKeeper) moveAway(deadline time.Time) error {
	err := k.moveToClone()
	if err == nil || k.spare != nil {
		return err
	}
	return k.moveToCopy(deadline)
}

func (k *leaseKeeper) moveToClone() error {
	clone := k.spare
	if clone == nil {
		made, err := cloneOf(k.file)
		if err != nil {
			return err
		}
		defer func() { _ = made.Close() }()
		clone = made
	} else if err := cloneInto(clone, k.file); err != nil {
		return err
	}
	readable, err := reopenReadOnly(clone)
	if err != nil {
		return err
	}
	defer func() { _ = readable.Close() }()
	return control(readable, func(fd uintptr) error {
		return k.core.region.MapOver(fd, k.off)
	})
}

func (k *leaseKeeper) moveToCopy(deadline time.Time) error {
	stop := func() error {
		switch {
		case k.closing.Load():
			return errGivingWay
		case !deadline.IsZero() && time.Now().After(deadline):
			return os.ErrDeadlineExceeded
		}
		return nil
	}
	fresh, err := mapRetrying(func() (boundary.Region, error) { return boundary.Reserve(k.core.region.Len()) })
	if err != nil {
		return err
	}
	err = fill(fresh.Bytes(), k.file, k.off, stop)
	if err == nil {
		err = fresh.Protect()
	}
	if err == nil {
		err = fresh.MoveTo(k.core.region)
	}
	if err != nil {
		return join(err, fresh.Release())
	}
	return nil
}

// revoke makes the bytes inaccessible, in place, and marks the handle first so
// that a reader who faults learns why. It reports whether they are.
func (k *leaseKeeper) revoke() bool {
	k.core.state.Or(revokedBit)
	_, err := k.core.revokeRegion()
	return err == nil
}

// rescueDeadline is when a copy is to be given up. A part of the time that the
// kernel gives is kept back for making the bytes inaccessible. Zero means that
// the kernel waits for ever.
func rescueDeadline(now time.Time) time.Time {
	patience := leaseBreakTime()
	if patience == 0 {
		return time.Time{}
	}
	return now.Add(patience * 3 / 4)
}

// leaseBreakTime is how long the kernel waits for a lease to be given up before
// it lets the writer in (proc_sys_fs(5)).
var leaseBreakTime = func() time.Duration {
	const byDefault = 45 * time.Second // where /proc is not to be had
	text, err := os.ReadFile("/proc/sys/fs/lease-break-time")
	if err != nil {
		return byDefault
	}
	seconds, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return byDefault
	}
	return time.Duration(seconds) * time.Second
}
