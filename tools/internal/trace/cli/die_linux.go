package cli

import (
	"reflect"
	"runtime"

	"golang.org/x/sys/unix"
)

// die ends this process by a signal, as the program that it has traced. The
// runtime's handlers are taken out first: they would print stacks. There is to
// be no core file but the program's own.
func die(sig int) {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}) // without it there is one more file
	// An empty sigaction is the default (rt_sigaction(2)): a handler of 0, no
	// flags, an empty mask of 8 bytes.
	var action [32]byte
	empty := &action
	_, _, _ = unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), reflect.ValueOf(empty).Pointer(), 0, 8, 0, 0) // #nosec G115 -- a signal's number
	runtime.KeepAlive(empty)
	// To this very thread, which then has it before it goes on; if the signal is
	// not deadly, the caller does.
	runtime.LockOSThread()
	_ = unix.Tgkill(unix.Getpid(), unix.Gettid(), unix.Signal(sig))
}
