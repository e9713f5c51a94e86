//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package conformance

import "errors"

// descriptors answers errors.ErrUnsupported: nothing lists them here.
func descriptors() ([]string, error) { return nil, errors.ErrUnsupported }

func writableDescriptors() int { return 0 }
