//go:build darwin || freebsd || dragonfly

package sysinfo

import "golang.org/x/sys/unix"

func fileSystem(path string) string {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return unknown
	}
	return unix.ByteSliceToString(st.Fstypename[:])
}
