package property

import (
	"encoding/binary"
	"fmt"
	"reflect"

	"golang.org/x/sys/unix"
)

// The requests of linux/userfaultfd.h. All are _IOWR, which has the same bits
// on every architecture of Linux.
const (
	uffdAPI      = 0xc018aa3f
	uffdRegister = 0xc020aa00
	uffdCopy     = 0xc028aa03

	uffdVersion = 0xaa
	uffdMissing = 1 // UFFDIO_REGISTER_MODE_MISSING
	uffdMessage = 32
)

// userfault serves the missing pages of a range of memory: whoever touches one,
// the kernel included, waits until it is filled.
//
// The kernel takes addresses, in structures that lie at an address. Both are of
// memory from mmap, which does not move and which no collector looks at, so
// that reflect gives them without package unsafe.
type userfault struct {
	fd     int
	memory []byte // the range
	arg    []byte // for the structures
}

func addressOf(b []byte) uint64 { return uint64(reflect.ValueOf(b).Pointer()) }

func anonymous(n int) ([]byte, error) {
	return unix.Mmap(-1, 0, n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
}

// newUserfault watches memory, which must be whole pages. It needs CAP_SYS_PTRACE
// or vm.unprivileged_userfaultfd, because the faults are the kernel's.
func newUserfault(memory []byte) (*userfault, error) {
	fd, _, errno := unix.Syscall(unix.SYS_USERFAULTFD, unix.O_CLOEXEC, 0, 0)
	if errno != 0 {
		return nil, fmt.Errorf("userfaultfd: %w", errno)
	}
	u := &userfault{fd: int(fd), memory: memory}
	var err error
	if u.arg, err = anonymous(4096); err != nil {
		return nil, err
	}
	if err := u.request(uffdAPI, uffdVersion, 0, 0); err != nil {
		return nil, err
	}
	return u, u.request(uffdRegister, addressOf(memory), uint64(len(memory)), uffdMissing, 0)
}

// request is an ioctl with a structure of 64-bit fields.
func (u *userfault) request(number uintptr, fields ...uint64) error {
	for i, field := range fields {
		binary.NativeEndian.PutUint64(u.arg[8*i:], field)
	}
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(u.fd), number, uintptr(addressOf(u.arg)))
	if errno != 0 {
		return fmt.Errorf("userfaultfd request %#x: %w", number, errno)
	}
	return nil
}

// await returns once somebody waits for a page.
func (u *userfault) await() error {
	if _, err := unix.Read(u.fd, make([]byte, uffdMessage)); err != nil {
		return fmt.Errorf("userfaultfd: %w", err)
	}
	return nil
}

// fill fills all pages from memory of mmap, and wakes who waits.
func (u *userfault) fill(from []byte) error {
	return u.request(uffdCopy, addressOf(u.memory), addressOf(from), uint64(len(from)), 0, 0)
}

// empty makes all pages missing again.
func (u *userfault) empty() error { return unix.Madvise(u.memory, unix.MADV_DONTNEED) }
