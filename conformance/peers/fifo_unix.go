//go:build unix

package peers

import (
	"os"

	"golang.org/x/sys/unix"
)

func makeFIFO(path string) error {
	return os.NewSyscallError("mkfifo", unix.Mkfifo(path, 0o600))
}
