// Package verity enables fs-verity on a file.
package verity

import (
	"fmt"
	"os"
	"reflect"
	"runtime"

	"golang.org/x/sys/unix"
)

// blockSize is the size of the blocks of the Merkle tree: the only one that
// every kernel with fs-verity takes on every file system.
const blockSize = 4096

// Enable enables fs-verity on the file, of which nobody may have a writable
// descriptor, with SHA-256.
func Enable(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	arg := reflect.ValueOf(&unix.FsverityEnableArg{Version: 1, Hash_algorithm: unix.FS_VERITY_HASH_ALG_SHA256, Block_size: blockSize})
	// The kernel reads the structure, which reflection has put on the heap, where
	// nothing moves, and keeps nothing of it
	// (Documentation/filesystems/fsverity.rst).
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), unix.FS_IOC_ENABLE_VERITY, arg.Pointer())
	runtime.KeepAlive(arg)
	runtime.KeepAlive(f)
	if errno != 0 {
		return fmt.Errorf("fs-verity cannot be enabled on a file: %w", errno)
	}
	return nil
}
