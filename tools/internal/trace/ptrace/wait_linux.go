//go:build amd64 || arm64

package ptrace

import (
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"runtime"

	"golang.org/x/sys/unix"
)

// mostPolls is how often a stop is looked for before this thread sleeps until
// there is one. A program that makes one call after another comes to its next
// stop sooner than a processor that sleeps is woken. One that does not costs
// tens of microseconds at each stop.
const mostPolls = 64

// wait waits for the children of this thread only: those of the others are none
// of this package's business.
func (t *tracer) wait(ws *unix.WaitStatus) (int, error) {
	for range t.polls {
		if tid := t.probe.poll(ws); tid > 0 {
			return tid, nil
		}
		// With something else to run on this processor, that goes first.
		_, _, _ = unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0) // it cannot fail (sched_yield(2))
	}
	for {
		tid, err := unix.Wait4(-1, ws, unix.WALL|unix.WNOTHREAD, nil)
		if !errors.Is(err, unix.EINTR) {
			return tid, err
		}
	}
}

// pollsHere is how often to look on this machine: on one processor the program
// cannot run while this thread looks.
func pollsHere() int {
	if runtime.NumCPU() == 1 {
		return 0
	}
	return mostPolls
}

// poll looks for a stop without waiting for one. The Go runtime is not told of
// the system call, which cannot block. An error is left to be told by waiting.
func (p *probe) poll(ws *unix.WaitStatus) (tid int) {
	got, _, errno := unix.RawSyscall6(unix.SYS_WAIT4, ^uintptr(0), p.address(), unix.WALL|unix.WNOTHREAD|unix.WNOHANG, 0, 0, 0)
	runtime.KeepAlive(p)
	if errno != 0 || got == 0 {
		return 0
	}
	*ws = unix.WaitStatus(binary.NativeEndian.Uint32(p.buf[:]))
	return int(got) // #nosec G115 -- a pid
}

// quietStops tells the kernel not to send SIGCHLD for children that stop
// (sigaction(2), SA_NOCLDSTOP). The Go runtime has a handler for that signal,
// which else would run at every stop, and was a quarter of what a trace took.
// The signal of children that end is left as it was.
func quietStops() error {
	const (
		number    = uintptr(unix.SIGCHLD)
		flags     = 1 // struct sigaction of the kernel: handler, flags, restorer, mask
		noCldStop = 1 // SA_NOCLDSTOP (asm-generic/signal-defs.h)
		maskSize  = 8
	)
	var action [4]uint64
	address := reflect.ValueOf(&action).Pointer()
	_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, number, 0, address, maskSize, 0, 0)
	if errno == 0 {
		action[flags] |= noCldStop
		_, _, errno = unix.RawSyscall6(unix.SYS_RT_SIGACTION, number, address, 0, maskSize, 0, 0)
	}
	runtime.KeepAlive(&action)
	if errno != 0 {
		return fmt.Errorf("sigaction: %w", errno)
	}
	return nil
}
