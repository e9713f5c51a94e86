package conformance

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// leaseOn tells whether the kernel's table of locks has a lease on a file. The
// device in it is not always that of stat(2), so the inode has to do.
func leaseOn(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	table, err := os.ReadFile("/proc/locks")
	if err != nil || !ok {
		return false
	}
	inode := fmt.Sprintf(":%d ", st.Ino)
	for line := range strings.Lines(string(table)) {
		if strings.Contains(line, " LEASE ") && strings.Contains(line, inode) {
			return true
		}
	}
	return false
}
