//go:build unix

package sysinfo

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// descriptorLimit tells the soft limit, which the Go runtime has raised as far
// as the hard one allows.
func descriptorLimit() Limit {
	l := Limit{"RLIMIT_NOFILE", unknown, "most open files of a process"}
	var r unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &r); err == nil {
		l.Value = fmt.Sprint(r.Cur)
	}
	return l
}
