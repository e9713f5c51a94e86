package mmapguard

import (
	"os"
	"time"
)

const (
	BeforeRescue   = beforeRescue
	BeforeDrop     = beforeDrop
	BeforeSeal     = beforeSeal
	BeforeNextSeal = beforeNextSeal
	SealTries      = sealTries
)

// LeaseFile is the descriptor with a handle's lease, or nil.
func LeaseFile(d *FileData) *os.File {
	k, ok := d.core.keeper.(*leaseKeeper)
	if !ok {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.file
}

// LoseLease does to a handle what the kernel does when its patience ends.
func LoseLease(d *FileData) error { return dropLease(LeaseFile(d)) }

// Leases is the number of leases that are watched, and whether a goroutine
// watches them.
func Leases() (n int, watched bool) {
	watch.mu.Lock()
	defer watch.mu.Unlock()
	return len(watch.leases), watch.stop != nil
}

// SetLeaseBreakTime makes the library believe in another patience of the
// kernel's; restore undoes it. No lease may be held meanwhile.
func SetLeaseBreakTime(d time.Duration) (restore func()) {
	old := leaseBreakTime
	leaseBreakTime = func() time.Duration { return d }
	return func() { leaseBreakTime = old }
}
