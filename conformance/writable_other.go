//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package conformance

import "errors"

// makeWritable answers errors.ErrUnsupported: the case is not for this system.
func makeWritable([]byte) error { return errors.ErrUnsupported }
