//go:build linux

// Package dm speaks to the kernel's device mapper, for which dmsetup would need
// a dynamic linker and four libraries in the virtual machine.
package dm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/lab/internal/ioctl"
)

// Sector is the unit of all lengths and positions here, in bytes.
const Sector = 512

// A Target says how a range of sectors is served.
type Target struct {
	Start, Length uint64
	Type          string // "linear", "error"
	Params        string // as in a dmsetup table
}

// Linear serves a range from the same place of a device.
func Linear(device string, start, length uint64) Target {
	return Target{start, length, "linear", fmt.Sprintf("%s %d", device, start)}
}

// Error fails every request to the range with EIO.
func Error(start, length uint64) Target { return Target{start, length, "error", ""} }

// Create makes a device of that name; the kernel calls it dm-0 and so on.
func Create(name string, table ...Target) error {
	if err := request(unix.DM_DEV_CREATE, name, 0, nil); err != nil {
		return err
	}
	return Replace(name, table...)
}

// Replace gives a device a new table. Requests under way end first; then the
// new table serves all others. The file system on it is not frozen meanwhile,
// as it would not be when a disk fails.
func Replace(name string, table ...Target) error {
	return errors.Join(
		request(unix.DM_TABLE_LOAD, name, 0, table),
		request(unix.DM_DEV_SUSPEND, name, unix.DM_SUSPEND_FLAG|unix.DM_SKIP_LOCKFS_FLAG, nil),
		request(unix.DM_DEV_SUSPEND, name, 0, nil),
	)
}

// request makes one call to the device mapper.
func request(command uint, name string, flags uint32, table []Target) error {
	arg, err := encode(name, flags, table)
	if err != nil {
		return err
	}
	control, err := os.OpenFile("/dev/mapper/control", os.O_RDWR, 0)
	if err != nil {
		return err
	}
	err = ioctl.Call(control, command, arg)
	if err := errors.Join(err, control.Close()); err != nil {
		return fmt.Errorf("device mapper %s: %w", name, err)
	}
	return nil
}

// encode lays a request out as <linux/dm-ioctl.h> has it: a header, then each
// target's description with its parameters, zero-terminated and padded to 8.
// #nosec G115 -- a table is a few hundred bytes
func encode(name string, flags uint32, table []Target) ([]byte, error) {
	header := unix.DmIoctl{
		Version:      [3]uint32{unix.DM_VERSION_MAJOR, 0, 0},
		Target_count: uint32(len(table)),
		Flags:        flags,
	}
	copy(header.Name[:len(header.Name)-1], name)
	header.Data_start = uint32(binary.Size(header))
	var data []byte
	for _, t := range table {
		params := append([]byte(t.Params), make([]byte, 8-len(t.Params)%8)...)
		spec := unix.DmTargetSpec{Sector_start: t.Start, Length: t.Length}
		spec.Next = uint32(binary.Size(spec) + len(params))
		copy(spec.Target_type[:], t.Type)
		var err error
		if data, err = binary.Append(data, binary.NativeEndian, spec); err != nil {
			return nil, err
		}
		data = append(data, params...)
	}
	header.Data_size = header.Data_start + uint32(len(data))
	arg, err := binary.Append(nil, binary.NativeEndian, header)
	return append(arg, data...), err
}
