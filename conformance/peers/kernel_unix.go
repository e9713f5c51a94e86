//go:build unix

package peers

import (
	"strings"

	"golang.org/x/sys/unix"
)

// kernelRelease is the running kernel's version, without what its builder added,
// or "" if it does not tell.
func kernelRelease() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return ""
	}
	release, _, _ := strings.Cut(unix.ByteSliceToString(u.Release[:]), "-")
	return release
}
