package boundary

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// maxDigest is the length of the longest digest that fs-verity knows, SHA-512.
const maxDigest = 64

// verityDigest is struct fsverity_digest of linux/fsverity.h, with room for the
// digest behind it.
type verityDigest struct {
	algorithm uint16
	size      uint16
	digest    [maxDigest]byte
}

// MeasureVerity asks the kernel for a file's fs-verity digest: the number of
// its algorithm and the digest itself. ENODATA means that the file has none.
func MeasureVerity(fd uintptr) (algorithm uint16, digest []byte, err error) {
	d := verityDigest{size: maxDigest}
	// SAFETY: the kernel reads size and writes at most size bytes to digest,
	// which has exactly that many; d is a Go variable that outlives the call, and
	// the conversion in the call's argument list keeps it in place meanwhile
	// (package unsafe, rule 4; Documentation/filesystems/fsverity.rst).
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, unix.FS_IOC_MEASURE_VERITY, uintptr(unsafe.Pointer(&d))) // #nosec G103 -- argued above
	if errno != 0 {
		return 0, nil, errno
	}
	return d.algorithm, d.digest[:d.size], nil
}
