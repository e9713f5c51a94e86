//go:build !linux

package verity

import "errors"

// Enable answers errors.ErrUnsupported.
func Enable(string) error { return errors.ErrUnsupported }
