package mmapguard

import (
	"os"

	"golang.org/x/sys/unix"
)

// awaitWriter returns once no write is running: looking for a hole and reading
// a byte take the inode's lock, the one or the other on every local file
// system, which a write holds from its start to its end. The answers do not
// matter.
func awaitWriter(f *os.File, mayMove bool) {
	_ = control(f, func(fd uintptr) error {
		if mayMove {
			_, _ = unix.Seek(int(fd), 0, unix.SEEK_HOLE)
		}
		_, _ = unix.Pread(int(fd), make([]byte, 1), 0)
		return nil
	})
}
