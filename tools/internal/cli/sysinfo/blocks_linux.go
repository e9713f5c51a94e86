package sysinfo

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

var probes = []probe{
	{"read leases", tryLease},
	{"reflink", tryReflink},
	{"fs-verity", tryVerity},
	{"memfd seals", trySeals},
}

// tryLease takes a read lease. That it is granted does not prove that it is
// kept; which file systems may serve is for the library to decide.
func tryLease(path string) (string, error) {
	f, err := os.Open(path) // #nosec G304 -- a file that this package made
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // the lease goes with it
	if _, err := unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_RDLCK); err != nil {
		return "", fmt.Errorf("F_SETLEASE: %w", err)
	}
	return "for files of your own, or with CAP_LEASE", nil
}

func tryReflink(path string) (_ string, err error) {
	src, err := os.Open(path) // #nosec G304 -- a file that this package made
	if err != nil {
		return "", err
	}
	defer func() { _ = src.Close() }()     // nothing was written
	dst, err := os.Create(path + ".clone") // #nosec G304 -- beside a file that this package made
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, dst.Close()) }()
	if err := unix.IoctlFileClone(int(dst.Fd()), int(src.Fd())); err != nil {
		return "", fmt.Errorf("FICLONE: %w", err)
	}
	return "", nil
}

// tryVerity asks for the digest of a file that has none. A kernel and a file
// system with fs-verity say just that (ENODATA), before they look at the
// buffer, and so none is needed.
func tryVerity(path string) (string, error) {
	f, err := os.Open(path) // #nosec G304 -- a file that this package made
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // nothing was written
	err = unix.IoctlSetInt(int(f.Fd()), unix.FS_IOC_MEASURE_VERITY, 0)
	switch {
	case errors.Is(err, unix.ENODATA):
		return "for files on which it was enabled, as by 'fsverity enable FILE'", nil
	case errors.Is(err, unix.ENOTTY):
		return "", fmt.Errorf("neither this kernel nor this file system has it: %w", err)
	case errors.Is(err, unix.EOPNOTSUPP):
		return "", fmt.Errorf("this kernel or this file system was made without it: %w", err)
	case err == nil:
		return "", errors.New("the kernel measured a file without fs-verity")
	}
	return "", fmt.Errorf("FS_IOC_MEASURE_VERITY: %w", err)
}

const allSeals = unix.F_SEAL_SEAL | unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE

// trySeals seals a memory file; it has nothing to do with the directory.
func trySeals(string) (_ string, err error) {
	fd, err := unix.MemfdCreate("mmapguard-doctor", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return "", fmt.Errorf("memfd_create: %w", err)
	}
	f := os.NewFile(uintptr(fd), "memfd")
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, allSeals); err != nil {
		return "", fmt.Errorf("F_ADD_SEALS: %w", err)
	}
	if seals, err := unix.FcntlInt(f.Fd(), unix.F_GET_SEALS, 0); err != nil || seals&allSeals != allSeals {
		return "", fmt.Errorf("F_GET_SEALS answers %#x: %w", seals, err)
	}
	return "", nil
}
