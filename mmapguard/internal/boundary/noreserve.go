//go:build linux || netbsd || solaris

package boundary

import "golang.org/x/sys/unix"

// A reservation is never written to, so no memory needs to stand behind it.
const mapNoReserve = unix.MAP_NORESERVE
