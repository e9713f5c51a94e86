//go:build !linux

package peers

import "errors"

// limitAddressSpace is not needed elsewhere: only Linux on x86-64 runs the
// 32-bit child.
func limitAddressSpace(uint64) error { return errors.ErrUnsupported }
