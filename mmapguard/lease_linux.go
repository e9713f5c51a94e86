package mmapguard

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// leaseFileSystems may serve leases, because a test has seen on each that one
// is refused beside a writer and beside a writable map, and broken before
// either comes. Others have been seen to grant a lease that keeps nobody away:
// overlayfs beside both.
var leaseFileSystems = map[uint32]string{
	unix.EXT4_SUPER_MAGIC:  "ext4", // also ext2 and ext3, which its driver serves
	unix.XFS_SUPER_MAGIC:   "xfs",
	unix.BTRFS_SUPER_MAGIC: "btrfs",
	unix.TMPFS_MAGIC:       "tmpfs",
}

// canLease refuses files on which a lease would be no proof.
func (o *opening) canLease() error {
	magic, err := fileSystem(o.file)
	if err != nil {
		return err
	}
	if _, ok := leaseFileSystems[magic]; !ok {
		return unsupported("leases are not known to be kept on this file system (type %#x)", magic)
	}
	// A memfd, which is an unnamed file of tmpfs, grants a lease beside its own
	// writer.
	if st, ok := o.info.Sys().(*syscall.Stat_t); ok && magic == unix.TMPFS_MAGIC && st.Nlink == 0 {
		return unsupported("leases are not kept on an unnamed file of tmpfs")
	}
	if o.shared {
		return unsupported("the file could not be opened again, and a lease on the caller's descriptor would be the caller's")
	}
	return nil
}

// takeLease gets a read lease: from then on an open for writing, or a truncate,
// waits in the kernel until the lease is given up (fcntl(2), "Leases").
func takeLease(f *os.File) error {
	return control(f, func(fd uintptr) error {
		_, err := unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_RDLCK)
		switch {
		case errors.Is(err, unix.EAGAIN):
			return fmt.Errorf("%w: it is open for writing, or mapped so", ErrLocked)
		case errors.Is(err, unix.EACCES), errors.Is(err, unix.EPERM):
			return unsupported("a lease needs the file's owner or CAP_LEASE")
		case isOneOf(err, unix.EINVAL, unix.EOPNOTSUPP, unix.ENOLCK):
			return unsupported("no leases here (fs.leases-enable, or the file system): %v", err)
		case err != nil:
			return fmt.Errorf("lease: %w", err)
		}
		// The signal would go to the thread that asked, which may end; the
		// process does not.
		_, err = unix.FcntlInt(fd, unix.F_SETOWN, os.Getpid())
		return err
	})
}

// errLeaseLost means that the kernel took the lease away, because it was not
// given up in time; a writer may have been there since.
var errLeaseLost = errors.New("the lease was taken away")

// dropLease lets the writers in. It is not left to close, which does nothing
// while a forked child still has the descriptor.
func dropLease(f *os.File) error {
	return control(f, func(fd uintptr) error {
		_, err := unix.FcntlInt(fd, unix.F_SETLEASE, unix.F_UNLCK)
		if errors.Is(err, unix.EAGAIN) {
			return errLeaseLost
		}
		return err
	})
}

// leaseHeld tells whether the lease is there and nobody waits for its end.
func leaseHeld(f *os.File) bool {
	held := false
	_ = control(f, func(fd uintptr) error {
		kind, err := unix.FcntlInt(fd, unix.F_GETLEASE, 0)
		held = err == nil && kind == unix.F_RDLCK
		return nil
	})
	return held
}
