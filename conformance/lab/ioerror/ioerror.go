//go:build linux

// Package ioerror makes single blocks of a disk unreadable under a mounted file
// system. The disk must have been made for it: `lab vm --disk ext4-error`.
package ioerror

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/mmapguard/go/conformance/lab/internal/blocks"
	"github.com/mmapguard/go/conformance/lab/internal/dm"
)

// Attach puts a device-mapper device of that name before a whole disk, such as
// "vda", and returns the new device.
func Attach(name, disk string) (string, error) {
	length, err := sectors(disk)
	if err != nil {
		return "", err
	}
	if err := dm.Create(name, dm.Linear("/dev/"+disk, 0, length)); err != nil {
		return "", err
	}
	names, err := filepath.Glob("/sys/block/dm-*/dm/name")
	if err != nil {
		return "", err
	}
	for _, file := range names {
		if got, err := text(file); err == nil && got == name {
			return "/dev/" + strings.Split(file, "/")[3], nil
		}
	}
	return "", fmt.Errorf("device mapper %s has no device", name)
}

// Fail makes the 4 KiB of the file around offset unreadable and drops the
// file's cached pages. Pages that are mapped already keep their bytes. The file
// must be filled with random bytes; the caller needs root. A second Fail
// replaces the first.
func Fail(name string, offset int64) error {
	place, err := blocks.Find(name, offset)
	if err != nil {
		return err
	}
	mapper, err := mapperOf(place.Device)
	if err != nil {
		return err
	}
	bad, n := uint64(place.Offset/dm.Sector), uint64(blocks.Size/dm.Sector) // #nosec G115 -- offsets are not negative
	table := []dm.Target{dm.Error(bad, n), dm.Linear(mapper.disk, bad+n, mapper.length-bad-n)}
	if bad > 0 {
		table = append([]dm.Target{dm.Linear(mapper.disk, 0, bad)}, table...)
	}
	if err := dm.Replace(mapper.name, table...); err != nil {
		return err
	}
	return blocks.Forget(name)
}

// Heal makes all blocks of the disk under the file readable again.
func Heal(name string) error {
	device, err := blocks.Device(name)
	if err != nil {
		return err
	}
	mapper, err := mapperOf(device)
	if err != nil {
		return err
	}
	return dm.Replace(mapper.name, dm.Linear(mapper.disk, 0, mapper.length))
}

// A mapper is a device-mapper device over one disk.
type mapper struct {
	name   string
	disk   string // in /dev
	length uint64 // in sectors
}

// mapperOf asks sysfs what lies under a device.
func mapperOf(device string) (mapper, error) {
	dir := path.Join("/sys/block", path.Base(device))
	name, err := text(path.Join(dir, "dm/name"))
	if err != nil {
		return mapper{}, fmt.Errorf("%s cannot be made to fail: %w", device, err)
	}
	disks, err := os.ReadDir(path.Join(dir, "slaves"))
	if err != nil {
		return mapper{}, err
	}
	if len(disks) != 1 {
		return mapper{}, fmt.Errorf("%s lies on %d disks, not on one", device, len(disks))
	}
	length, err := sectors(disks[0].Name())
	return mapper{name, "/dev/" + disks[0].Name(), length}, err
}

// sectors is a disk's length.
func sectors(disk string) (uint64, error) {
	size, err := text(path.Join("/sys/block", disk, "size"))
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(size, 10, 64)
}

// text is the content of a file with one line.
func text(name string) (string, error) {
	b, err := os.ReadFile(name) // #nosec G304 -- files of sysfs
	return strings.TrimSpace(string(b)), err
}
