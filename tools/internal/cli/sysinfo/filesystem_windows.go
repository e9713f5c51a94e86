package sysinfo

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

func fileSystem(path string) string {
	full, err := filepath.Abs(path)
	if err != nil {
		return unknown
	}
	root, err := windows.UTF16PtrFromString(filepath.VolumeName(full) + `\`)
	if err != nil {
		return unknown
	}
	var name [windows.MAX_PATH + 1]uint16
	if err := windows.GetVolumeInformation(root, nil, 0, nil, nil, nil, &name[0], uint32(len(name))); err != nil {
		return unknown
	}
	return windows.UTF16ToString(name[:])
}
