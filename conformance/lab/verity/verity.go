//go:build linux

// Package verity puts fs-verity protection on files and damages them below it,
// as a failing disk or somebody with access to the device would.
//
// Both need a file system that has the feature: `lab vm --disk ext4-verity`,
// btrfs or f2fs in kernels from 5.15 on.
package verity

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/lab/internal/blocks"
	"github.com/mmapguard/go/conformance/lab/internal/ioctl"
)

// The layout of struct fsverity_enable_arg in <linux/fsverity.h>: 32-bit
// version, hash algorithm and block size come first; salt and signature, the
// only pointers, stay zero.
const (
	enableArgSize = 128
	sha256        = 1
)

// Enable makes the file immutable for good. It fails with ETXTBSY while
// anybody has it open for writing, and with EEXIST on a second call.
func Enable(name string) error {
	f, err := os.Open(name) // #nosec G304 -- the caller's test file
	if err != nil {
		return err
	}
	arg := make([]byte, enableArgSize)
	binary.NativeEndian.PutUint32(arg[0:], 1) // version
	binary.NativeEndian.PutUint32(arg[4:], sha256)
	// Kernels before 6.3 accept only the page size.
	binary.NativeEndian.PutUint32(arg[8:], uint32(os.Getpagesize())) // #nosec G115 -- at most 64 Ki
	err = ioctl.Call(f, unix.FS_IOC_ENABLE_VERITY, arg)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("enable fs-verity: %w", err)
	}
	return nil
}

// Enabled asks statx whether the file is protected.
func Enabled(name string) (bool, error) {
	var st unix.Statx_t
	if err := unix.Statx(unix.AT_FDCWD, name, 0, 0, &st); err != nil {
		return false, &os.PathError{Op: "statx", Path: name, Err: err}
	}
	return st.Attributes&unix.STATX_ATTR_VERITY != 0, nil
}

// Corrupt inverts the file's byte at offset on the device, where the file
// system does not see it, and drops the cached pages, so that the next read
// meets the damage. Pages that are mapped already keep their bytes. The file
// must be filled with random bytes and 4 KiB or longer; the caller needs root.
func Corrupt(name string, offset int64) error {
	place, err := blocks.Find(name, offset)
	if err != nil {
		return err
	}
	if err := invert(place, offset%blocks.Size); err != nil {
		return fmt.Errorf("corrupt %s at %d: %w", name, offset, err)
	}
	return blocks.Forget(name)
}

// invert changes one byte of a block.
func invert(place blocks.Place, at int64) error {
	d, err := blocks.Open(place.Device, os.O_RDWR)
	if err != nil {
		return err
	}
	b, err := blocks.Buffer(blocks.Size)
	if err == nil {
		_, err = d.ReadAt(b, place.Offset)
	}
	if err == nil {
		b[at] = ^b[at]
		_, err = d.WriteAt(b, place.Offset)
	}
	return errors.Join(err, d.Close())
}
