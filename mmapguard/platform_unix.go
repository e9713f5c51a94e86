//go:build unix && !aix

package mmapguard

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// O_NONBLOCK keeps the open of a pipe or a device from waiting, O_NOCTTY keeps
// a terminal from becoming ours (open(2)). With O_NONBLOCK, package os also
// spares itself four calls that would try the file with the poller.
const openFlags = unix.O_NONBLOCK | unix.O_NOCTTY

var lockedErrnos = []error{syscall.EWOULDBLOCK}

// noLocks tells the answers of flock(2) that mean "not on this file system".
func noLocks(err error) bool {
	return isOneOf(err, unix.ENOLCK, unix.EOPNOTSUPP, unix.ENOTSUP, unix.ENOSYS, unix.EINVAL, unix.ENOTTY)
}

func interrupted(err error) bool { return errors.Is(err, unix.EINTR) }

// noRoom tells the answer of mmap(2) to an address space, or a table of maps,
// that is full.
func noRoom(err error) bool { return errors.Is(err, unix.ENOMEM) }

// notRegularOpen tells the answers of open(2) that only sockets and absent
// devices give. EAGAIN is that of a file on which somebody has a write lease, to
// an open that does not wait (open(2), O_NONBLOCK).
func notRegularOpen(err error) error {
	if isOneOf(err, unix.EAGAIN) {
		return &describedError{ErrLocked, "another program has a write lease on it"}
	}
	if isOneOf(err, unix.ENXIO, unix.ENODEV, unix.EOPNOTSUPP) {
		return &describedError{ErrNotRegular, "it is a socket or a device (" + bare(err).Error() + ")"}
	}
	return err
}

// mapError explains the answers of mmap(2) about the file rather than memory.
func mapError(err error) error {
	switch {
	case isOneOf(err, unix.ENODEV, unix.ENOTSUP, unix.EOPNOTSUPP):
		return unsupported("the file system cannot map this file: %v", err)
	case isOneOf(err, unix.ENOMEM):
		return &describedError{err, "no room for the mapping: address space or vm.max_map_count is used up"}
	}
	return err
}

// isBadAddress tells the answer of write(2) when a page of its buffer could not
// be read.
func isBadAddress(err error) bool { return errors.Is(err, unix.EFAULT) }

// readOnly tells whether a descriptor can read and cannot write.
func readOnly(fd uintptr) bool {
	flags, err := unix.FcntlInt(fd, unix.F_GETFL, 0)
	return err == nil && flags&unix.O_ACCMODE == unix.O_RDONLY
}

// duplicate makes a descriptor of the caller's ours as well.
func duplicate(f *os.File) (copied *os.File, err error) {
	err = control(f, func(fd uintptr) error {
		if !readOnly(fd) {
			return &describedError{ErrUnsupported, "the file is open for writing and cannot be opened again for reading only"}
		}
		n, err := unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0)
		if err == nil {
			copied = os.NewFile(uintptr(n), f.Name())
		}
		return err
	})
	return copied, err
}

func isOneOf(err error, errnos ...syscall.Errno) bool {
	for _, errno := range errnos {
		if errors.Is(err, errno) {
			return true
		}
	}
	return false
}
