// Package unix has the declarations that the tests use; see TestStubs.
package unix

const (
	PROT_READ  = 0x1
	MAP_SHARED = 0x1
)

func Mmap(fd int, offset int64, length int, prot int, flags int) (data []byte, err error)
func Munmap(b []byte) (err error)
