//go:build linux

package lab

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// loopAttempts bounds the race for a free device: another process may take the
// one the kernel has just offered.
const loopAttempts = 64

// attachLoop binds image to a free loop device and returns it open. The device
// frees itself with its last user, so it must be mounted before it is closed,
// and nothing has to detach it later, not even after a kill.
func attachLoop(image string, readOnly bool) (*os.File, error) {
	control, err := os.OpenFile("/dev/loop-control", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = control.Close() }()                    // nothing is written to it
	backing, err := os.OpenFile(image, openMode(readOnly), 0) // #nosec G304 -- the image was made here
	if err != nil {
		return nil, err
	}
	defer func() { _ = backing.Close() }() // the device writes, not this descriptor
	for range loopAttempts {
		device, err := tryLoop(control, backing, readOnly)
		if !errors.Is(err, unix.EBUSY) {
			return device, err
		}
	}
	return nil, fmt.Errorf("loop device for %s: %w", image, unix.EBUSY)
}

// tryLoop takes the device the kernel offers; EBUSY means somebody was faster.
func tryLoop(control, backing *os.File, readOnly bool) (*os.File, error) {
	number, err := unix.IoctlRetInt(int(control.Fd()), unix.LOOP_CTL_GET_FREE)
	if err != nil {
		return nil, fmt.Errorf("free loop device: %w", err)
	}
	device, err := os.OpenFile(fmt.Sprintf("/dev/loop%d", number), openMode(readOnly), 0)
	if err != nil {
		return nil, err
	}
	config := unix.LoopConfig{Fd: uint32(backing.Fd())} // #nosec G115 -- descriptors are small
	config.Info.Flags = unix.LO_FLAGS_AUTOCLEAR
	if readOnly {
		config.Info.Flags |= unix.LO_FLAGS_READ_ONLY
	}
	if err := unix.IoctlLoopConfigure(int(device.Fd()), &config); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", device.Name(), err), device.Close())
	}
	return device, nil
}

func openMode(readOnly bool) int {
	if readOnly {
		return os.O_RDONLY
	}
	return os.O_RDWR
}
