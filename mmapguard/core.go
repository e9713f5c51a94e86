package mmapguard

import (
	"errors"
	"sync/atomic"

	"github.com/mmapguard/go/mmapguard/internal/boundary"
)

// core is the part of a handle that outlives it: running views, the collector's
// cleanup and the guard of a lease hold it without holding the handle.
type core struct {
	// state is the closed and the revoked bit and the number of running views.
	// It is the only word that reads and Close share; reads only load it.
	state atomic.Uint64

	region boundary.Region
	keeper keeper
	name   string
	opened stamp

	heap      atomic.Pointer[[]byte]
	mechanism Mechanism
	guarantee Guarantee
	delta     int32 // distance of the data from the region's start
}

// keeper is what keeps the guarantee while the region is mapped: a lock, a
// lease, a handle. A nil keeper means that nothing needs to be kept.
type keeper interface {
	// release revokes the region by calling revoke, and then lets go.
	release(revoke func() error) error
	// stat describes the file as it is now; false means that the bytes no longer
	// depend on it.
	stat() (now stamp, attached bool, err error)
}

const (
	closedBit  = 1 << 63
	revokedBit = 1 << 62
	viewMask   = 1<<32 - 1
)

// enter counts a view, unless the bytes are gone.
func (c *core) enter() error {
	for {
		s := c.state.Load()
		if s >= revokedBit {
			return c.gone(s)
		}
		if c.state.CompareAndSwap(s, s+1) {
			return nil
		}
	}
}

// leave ends a view; the last one out of a closed handle releases it.
func (c *core) leave() error {
	s := c.state.Add(^uint64(0))
	if s&closedBit != 0 && s&viewMask == 0 {
		return c.release()
	}
	return nil
}

// close marks the handle closed and releases it unless a view is running.
func (c *core) close() error {
	s := c.state.Or(closedBit)
	if s&closedBit != 0 {
		return ErrClosed
	}
	if s&viewMask == 0 {
		return c.release()
	}
	return nil
}

// gone says why there are no bytes.
func (c *core) gone(state uint64) error {
	if state&closedBit != 0 {
		return ErrClosed
	}
	return ErrRevoked
}

// release is called exactly once: no view enters a closed handle, and so only
// one caller sees the count at zero.
func (c *core) release() error {
	c.heap.Store(nil)
	if c.keeper == nil {
		return c.revoke()
	}
	return c.keeper.release(c.revoke)
}

// revoke takes the bytes away for good, but keeps their addresses from being
// used for something else for as long as the quarantine lasts.
func (c *core) revoke() error {
	if c.region.IsZero() {
		return nil
	}
	reserved, err := c.revokeRegion()
	if err != nil {
		return errors.Join(err, c.region.Release())
	}
	if !reserved.IsZero() {
		quarantine.put(reserved)
	}
	return nil
}

// revokeRegion makes the range inaccessible. At the limit of maps the system
// may refuse that; what the quarantine holds is given up first then.
func (c *core) revokeRegion() (boundary.Region, error) {
	reserved, err := c.region.Revoke()
	if err != nil {
		quarantine.drain()
		reserved, err = c.region.Revoke()
	}
	return reserved, err
}

// dropped releases a handle that the collector found without a Close.
func (c *core) dropped() { _ = c.close() }
