//go:build unix && !aix

package mmapguard_test

import (
	"errors"
	"syscall"
	"testing"
)

func TestErrLockedIsEWOULDBLOCK(t *testing.T) {
	for name, err := range sentinels {
		for _, errno := range []syscall.Errno{syscall.EWOULDBLOCK, syscall.EAGAIN} {
			if got := errors.Is(err, errno); got != (name == "ErrLocked") {
				t.Errorf("errors.Is(%s, %v) is %v", name, errno, got)
			}
		}
	}
}
