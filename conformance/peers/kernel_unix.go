//go:build unix

package peers

import "golang.org/x/sys/unix"

// kernelRelease is the running kernel's version, or "" if it does not tell.
func kernelRelease() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return ""
	}
	return unix.ByteSliceToString(u.Release[:])
}
