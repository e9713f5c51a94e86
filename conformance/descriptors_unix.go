//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// mostDescriptors is how far descriptors are looked for where the system does
// not list them; the lowest free number is always taken first.
const mostDescriptors = 256

// descriptors lists the open descriptors of this process, with what they lead
// to where the system tells.
func descriptors() ([]string, error) {
	var list []string
	for fd := range mostDescriptors {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err != nil {
			continue
		}
		name, err := os.Readlink(filepath.Join("/proc/self/fd", strconv.Itoa(fd)))
		if err != nil {
			name = "unknown"
		}
		list = append(list, fmt.Sprintf("%d: %s", fd, name))
	}
	return list, nil
}

// writableDescriptors is the number of descriptors that can write.
func writableDescriptors() int {
	n := 0
	for fd := range mostDescriptors {
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
		if err == nil && flags&unix.O_ACCMODE != unix.O_RDONLY {
			n++
		}
	}
	return n
}
