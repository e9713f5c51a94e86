//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd || solaris || windows)

package boundary

import "errors"

// Supported tells that this system cannot map files.
const Supported = false

const canJoin = false

// Granularity is what the file offset of a map must be a multiple of.
func Granularity() int64 { return int64(pageSize) }

// Map answers that there is no memory mapping here.
func Map(uintptr, int64, int) (Region, error) { return Region{}, errors.ErrUnsupported }

// Reserve answers that there is no memory mapping here.
func Reserve(int) (Region, error) { return Region{}, errors.ErrUnsupported }

// Protect answers that there is no memory mapping here.
func (r Region) Protect() error { return errors.ErrUnsupported }

// Revoke answers that there is no memory mapping here.
func (r Region) Revoke() (Region, error) { return r, errors.ErrUnsupported }

// Release answers that there is no memory mapping here.
func (r Region) Release() error { return errors.ErrUnsupported }

// Advise answers that there is no memory mapping here.
func (r Region) Advise(Advice) error { return errors.ErrUnsupported }
