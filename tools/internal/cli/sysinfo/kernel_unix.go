//go:build unix

package sysinfo

import "golang.org/x/sys/unix"

// kernel is the release that uname -r prints.
func kernel() string {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return unknown
	}
	return unix.ByteSliceToString(name.Release[:])
}
