//go:build amd64 || arm64 || 386

package strike

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// syscallStop marks the signal of a stop at a system call (ptrace(2),
// PTRACE_O_TRACESYSGOOD).
const syscallStop = unix.SIGTRAP | 0x80

// Run runs the command to its end and calls at for every system call of every
// thread, twice: before the kernel sees it, and after. The thread stands still
// meanwhile, the others do not. Signals reach the program as they would without
// all this.
func Run(c Command, at func(*Call)) (Outcome, error) {
	// ptrace(2) obeys the thread that started the program, and no other.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	r, w, err := os.Pipe()
	if err != nil {
		return Outcome{}, err
	}
	output := make(chan string)
	go func() {
		text, _ := io.ReadAll(r)
		output <- string(text)
	}()
	out, err := trace(c, w, at)
	err = errors.Join(err, w.Close())
	out.Output = <-output
	return out, errors.Join(err, r.Close())
}

func trace(c Command, stdout *os.File, at func(*Call)) (Outcome, error) {
	p, err := os.StartProcess(c.Argv[0], c.Argv, &os.ProcAttr{
		Dir: c.Dir, Env: c.Env,
		Files: []*os.File{nil, stdout, os.Stderr},
		Sys:   &syscall.SysProcAttr{Ptrace: true},
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	t := tracee{pid: p.Pid, at: at, threads: map[int]*thread{p.Pid: {known: true}}}
	if err := p.Release(); err != nil {
		return Outcome{}, err
	}
	if err := t.begin(); err != nil {
		return Outcome{}, errors.Join(err, unix.Kill(t.pid, unix.SIGKILL))
	}
	return t.follow()
}

// thread is what has to be remembered of one thread.
type thread struct {
	known  bool // its first stop, which no signal caused, is over
	inside bool // a call has begun and not ended
	call   Call
}

type tracee struct {
	pid     int
	at      func(*Call)
	threads map[int]*thread
}

// begin waits for the stop after execve(2) and asks for the stops to come.
func (t *tracee) begin() error {
	var ws unix.WaitStatus
	if _, err := wait(t.pid, &ws); err != nil {
		return err
	}
	if !ws.Stopped() {
		return fmt.Errorf("%w: the program ended at once", ErrUnavailable)
	}
	// Should this process die, nothing is left behind.
	const options = unix.PTRACE_O_TRACESYSGOOD | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_EXITKILL
	if err := unix.PtraceSetOptions(t.pid, options); err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return unix.PtraceSyscall(t.pid, 0)
}

// wait waits for children of this thread only: those of the others are none of
// this package's business.
func wait(pid int, ws *unix.WaitStatus) (int, error) {
	for {
		got, err := unix.Wait4(pid, ws, unix.WALL|unix.WNOTHREAD, nil)
		if !errors.Is(err, unix.EINTR) {
			return got, err
		}
	}
}

// follow lets the program run from stop to stop.
func (t *tracee) follow() (Outcome, error) {
	for {
		var ws unix.WaitStatus
		tid, err := wait(-1, &ws)
		if err != nil {
			return Outcome{}, err
		}
		switch {
		case tid == t.pid && ws.Exited():
			return Outcome{Status: ws.ExitStatus()}, nil
		case tid == t.pid && ws.Signaled():
			return Outcome{Status: -1, Signal: ws.Signal().String()}, nil
		case ws.Stopped():
			if err := t.resume(tid, ws.StopSignal(), ws); err != nil {
				return Outcome{}, err
			}
		}
	}
}

// resume deals with a stop and lets the thread run on. A thread may be killed
// at any moment, which the next wait tells.
func (t *tracee) resume(tid int, sig unix.Signal, ws unix.WaitStatus) error {
	th := t.threads[tid]
	if th == nil {
		th = &thread{}
		t.threads[tid] = th
	}
	deliver := 0
	switch {
	case sig == syscallStop:
		t.stopped(tid, th)
	case sig == unix.SIGTRAP && ws>>16 != 0: // a new thread was announced
	case sig == unix.SIGSTOP && !th.known:
		th.known = true
	default:
		deliver = int(sig)
	}
	if err := unix.PtraceSyscall(tid, deliver); err != nil && !errors.Is(err, unix.ESRCH) {
		return err
	}
	return nil
}

// stopped tells the caller of a call that begins or ends.
func (t *tracee) stopped(tid int, th *thread) {
	number, args, result, err := readCall(tid)
	if err != nil { // killed meanwhile
		return
	}
	th.inside = !th.inside
	if th.inside {
		th.call = Call{PID: t.pid, Name: names[number], Args: args}
		if th.call.Name == "openat" {
			th.call.Path = t.text(args[1])
		}
	} else {
		th.call.Done, th.call.Result = true, result
	}
	t.at(&th.call)
}

// maxPath is the length of the longest name that the kernel takes (limits.h,
// PATH_MAX), with the zero at its end.
const maxPath = 4096

// text reads a string of the program's. What cannot be read, for want of a page
// behind it, is not needed either.
func (t *tracee) text(addr uint64) string {
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", t.pid))
	if err != nil {
		return ""
	}
	defer func() { _ = mem.Close() }()
	buf := make([]byte, maxPath)
	n, _ := mem.ReadAt(buf, int64(addr))
	return unix.ByteSliceToString(buf[:n])
}
