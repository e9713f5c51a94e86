//go:build amd64 || arm64

package ptrace

import (
	"encoding/binary"
	"errors"
	"os"
	"reflect"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Kinds of stops (linux/ptrace.h, PTRACE_SYSCALL_INFO_*).
const (
	infoEntry   = 1
	infoExit    = 2
	infoSeccomp = 3
)

// syscallInfo is the kernel's description of a stop (ptrace(2),
// PTRACE_GET_SYSCALL_INFO), whatever the processor.
type syscallInfo struct {
	kind   uint8
	audit  uint32
	pc, sp uint64
	number uint64
	args   [6]uint64
	ret    int64
	failed bool
}

// infoSize is that of struct ptrace_syscall_info with the largest of its parts.
const infoSize = 88

// probe is memory for the kernel to write to.
type probe struct{ buf [infoSize + 40]byte }

// address is where the kernel writes to. Memory of the heap does not move.
func (p *probe) address() uintptr { return reflect.ValueOf(&p.buf).Pointer() }

// syscallInfo asks what a thread has been stopped at.
func (p *probe) syscallInfo(tid int) (info syscallInfo, err error) {
	_, _, errno := unix.RawSyscall6(unix.SYS_PTRACE, unix.PTRACE_GET_SYSCALL_INFO, uintptr(tid), infoSize, p.address(), 0, 0)
	runtime.KeepAlive(p)
	if errno != 0 {
		return info, errno
	}
	b, order := p.buf[:], binary.NativeEndian
	info.kind, info.audit = b[0], order.Uint32(b[4:])
	info.pc, info.sp = order.Uint64(b[8:]), order.Uint64(b[16:])
	switch info.kind {
	case infoEntry, infoSeccomp:
		info.number = order.Uint64(b[24:])
		for i := range info.args {
			info.args[i] = order.Uint64(b[32+8*i:])
		}
	case infoExit:
		info.ret = int64(order.Uint64(b[24:])) // #nosec G115 -- the kernel's own sign
		info.failed = b[32] != 0
	}
	return info, nil
}

// signalInfo asks what came along with a signal (siginfo_t).
func (p *probe) signalInfo(tid int) (s Signal, ok bool) {
	const size = 128
	_, _, errno := unix.RawSyscall6(unix.SYS_PTRACE, unix.PTRACE_GETSIGINFO, uintptr(tid), 0, p.address(), 0, 0)
	runtime.KeepAlive(p)
	if errno != 0 {
		return s, false
	}
	b, order := p.buf[:size], binary.NativeEndian
	s.Number = int(order.Uint32(b[0:]))
	s.Code = int32(order.Uint32(b[8:])) // #nosec G115 -- the kernel's own sign
	switch unix.Signal(s.Number) {
	case unix.SIGSEGV, unix.SIGBUS, unix.SIGFPE, unix.SIGILL, unix.SIGTRAP:
		if s.Code > 0 {
			s.Address = order.Uint64(b[16:])
			return s, true
		}
	}
	s.Sender = int32(order.Uint32(b[16:])) // #nosec G115 -- a pid
	return s, true
}

// request is a ptrace request without memory for an answer. It never blocks.
func request(what, tid int, data uintptr) error {
	_, _, errno := unix.RawSyscall6(unix.SYS_PTRACE, uintptr(what), uintptr(tid), 0, data, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// ReadMemory reads a process's memory, and returns how much of it could be
// read: what lies on a page that is not there could not.
func ReadMemory(pid int, addr uint64, into []byte) (int, error) {
	if len(into) == 0 {
		return 0, nil
	}
	local := []unix.Iovec{{Base: &into[0]}}
	local[0].SetLen(len(into))
	remote := []unix.RemoteIovec{{Base: uintptr(addr), Len: len(into)}}
	return unix.ProcessVMReadv(pid, local, remote, 0)
}

// groupOf finds the process of a thread, and its parent.
func groupOf(tid int) (pid, parent int) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(tid) + "/status")
	if err != nil {
		return tid, 0
	}
	return statusField(string(text), "Tgid:"), statusField(string(text), "PPid:")
}

func statusField(text, name string) int {
	_, rest, _ := strings.Cut(text, "\n"+name)
	line, _, _ := strings.Cut(rest, "\n")
	n, _ := strconv.Atoi(strings.TrimSpace(line))
	return n
}

// gone tells an answer about a thread that was killed meanwhile, which the next
// wait tells as well.
func gone(err error) bool { return errors.Is(err, unix.ESRCH) }
