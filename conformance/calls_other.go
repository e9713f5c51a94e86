//go:build !linux

package conformance

import (
	"errors"

	"github.com/mmapguard/go/conformance/internal/strike"
)

// No system calls are watched on this system, so none is ever told apart.

func isLock(*strike.Call) bool            { return false }
func isUnlock(*strike.Call) bool          { return false }
func isFileMap(*strike.Call) bool         { return false }
func isRemoval(*strike.Call, uint64) bool { return false }
func readOnlyMap(*strike.Call) bool       { return false }

func chroot(string) error { return errors.ErrUnsupported }
