//go:build linux

package main

import (
	"os"
	"path"

	"github.com/mmapguard/go/conformance/lab/internal/guest"
	"github.com/mmapguard/go/conformance/lab/ioerror"
)

// testFolder is the directory a command gets when there is no disk.
const testFolder = "/tmp/test"

// mountDisks mounts every disk on /mnt/NAME and returns the command's
// environment, which points to the first of them.
func mountDisks(disks []guest.Disk) ([]string, error) {
	name, dir := "tmpfs", testFolder
	for i, d := range disks {
		at := path.Join("/mnt", d.Name)
		if err := mountDisk(d, at); err != nil {
			return nil, err
		}
		if i == 0 {
			name, dir = d.Name, at
		}
	}
	if err := fillContent(dir); err != nil {
		return nil, err
	}
	return []string{
		"PATH=/work", "HOME=/tmp", "TMPDIR=/tmp",
		"MMAPGUARD_TEST_DIR=" + dir, "MMAPGUARD_TEST_FS=" + name,
	}, nil
}

// fillContent makes the test directory, and copies the content there, if any.
func fillContent(dir string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	if _, err := os.Stat(guest.ContentDir); err != nil {
		return nil //nolint:nilerr // there is none
	}
	return os.CopyFS(path.Join(dir, guest.Content), os.DirFS(guest.ContentDir))
}

// mountDisk mounts one disk, known by its serial number.
func mountDisk(d guest.Disk, dir string) error {
	name, err := await("disk "+d.Name, func() (string, bool) {
		return deviceWith("/sys/block/vd*/serial", d.Name)
	})
	if err != nil {
		return err
	}
	device := path.Join("/dev", name)
	if d.Mapper {
		if device, err = ioerror.Attach(d.Name, name); err != nil {
			return err
		}
	}
	return mount(device, dir, d.FSType, d.Options)
}
