//go:build linux

// Package ioctl makes ioctl calls whose argument is a block of bytes without
// pointers in it, for which x/sys has no typed wrapper.
package ioctl

import (
	"errors"
	"os"
	"reflect"
	"runtime"

	"golang.org/x/sys/unix"
)

// Call makes the request on f with arg, which the kernel may read and change.
//
// The kernel gets the address of a mapping made for the call: the collector
// does not know that memory and so cannot move or free it, which makes its
// address a plain number and package unsafe unnecessary.
func Call(f *os.File, request uint, arg []byte) error {
	b, err := unix.Mmap(-1, 0, len(arg), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		return os.NewSyscallError("mmap", err)
	}
	copy(b, arg)
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), uintptr(request), reflect.ValueOf(b).Pointer())
	runtime.KeepAlive(f)
	copy(arg, b)
	if errno != 0 {
		err = &os.PathError{Op: "ioctl", Path: f.Name(), Err: errno}
	}
	return errors.Join(err, os.NewSyscallError("munmap", unix.Munmap(b)))
}
