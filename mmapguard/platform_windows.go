package mmapguard

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/windows"
)

const openFlags = 0

var lockedErrnos = []error{windows.ERROR_LOCK_VIOLATION}

// noLocks tells the answers of LockFileEx that mean "not on this file system".
func noLocks(err error) bool {
	return errors.Is(err, windows.ERROR_NOT_SUPPORTED) || errors.Is(err, windows.ERROR_INVALID_FUNCTION)
}

func interrupted(error) bool { return false }

func noRoom(err error) bool {
	return errors.Is(err, windows.ERROR_NOT_ENOUGH_MEMORY) || errors.Is(err, windows.ERROR_COMMITMENT_LIMIT)
}

// notRegularOpen has nothing to tell apart: what is not a file opens here, and
// its type says what it is.
func notRegularOpen(err error) error { return err }

func mapError(err error) error {
	if noRoom(err) {
		return &describedError{err, "no room for the mapping: the address space is used up"}
	}
	return err
}

// isBadAddress tells the answers of WriteFile and WSASend when a page of the
// buffer could not be read.
func isBadAddress(err error) bool {
	return errors.Is(err, windows.ERROR_NOACCESS) || errors.Is(err, windows.ERROR_INVALID_USER_BUFFER) ||
		errors.Is(err, windows.ERROR_SWAPERROR) || errors.Is(err, windows.WSAEFAULT) || errors.Is(err, syscall.EFAULT)
}

// duplicate makes a handle of the caller's ours as well, with the right to read
// and no other.
func duplicate(f *os.File) (copied *os.File, err error) {
	err = control(f, func(fd uintptr) error {
		self := windows.CurrentProcess()
		var h windows.Handle
		if err := windows.DuplicateHandle(self, windows.Handle(fd), self, &h, windows.GENERIC_READ, false, 0); err != nil {
			return err
		}
		copied = os.NewFile(uintptr(h), f.Name())
		return nil
	})
	return copied, err
}
