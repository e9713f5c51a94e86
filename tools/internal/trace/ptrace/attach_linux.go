//go:build amd64 || arm64

package ptrace

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// Attach joins processes that run, traces them until they end, the time is over
// or a signal comes, and then lets them go on. If this process dies, the kernel
// does that.
func Attach(pids []int, o Options, observer Observer) error {
	runtime.LockOSThread() // as for Run
	o.NoSeccomp = true     // a filter can only be put on by the process itself
	if err := quietStops(); err != nil {
		return err
	}
	t := newTracer(o, observer)
	if err := t.startWaker(); err != nil {
		return err
	}
	for _, pid := range pids {
		if err := t.seizeAll(pid); err != nil {
			_ = t.waker.Close() // which the loop is told of
			t.loopToEnd()
			return fmt.Errorf("process %d: %w", pid, err)
		}
	}
	stop := t.watch(o, func(os.Signal) { t.expire() })
	err := t.loop()
	stop()
	_ = t.waker.Close() // closed already if that was how it ended
	return err
}

// startWaker starts a process whose end wakes the loop up.
func (t *tracer) startWaker() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	p, err := os.StartProcess("/proc/self/exe", []string{wakerName}, &os.ProcAttr{Files: []*os.File{r}})
	if err = errors.Join(err, r.Close()); err != nil {
		return errors.Join(err, w.Close())
	}
	t.waker, t.wakerPID = w, p.Pid
	return p.Release()
}

// seizeAll takes every thread of a process. New ones come to life while it
// does: only a round that finds none is the last.
func (t *tracer) seizeAll(pid int) error {
	for more := true; more; {
		entries, err := os.ReadDir("/proc/" + strconv.Itoa(pid) + "/task")
		if err != nil {
			return err
		}
		more = false
		for _, entry := range entries {
			tid, err := strconv.Atoi(entry.Name())
			if err != nil || t.threads[tid] != nil {
				continue
			}
			if err := t.seize(pid, tid); err != nil {
				return err
			}
			more = true
		}
	}
	return nil
}

// seize takes a thread that runs, and stops it for a moment, after which it
// stops at its system calls.
func (t *tracer) seize(pid, tid int) error {
	err := request(unix.PTRACE_SEIZE, tid, options)
	switch {
	case gone(err):
		return nil
	case errors.Is(err, unix.EPERM):
		return t.refused(tid, err)
	case err != nil:
		return fmt.Errorf("ptrace: %w", err)
	}
	th := &thread{tid: tid, pid: pid}
	t.threads[tid] = th
	t.appear(th, 0)
	if err := request(unix.PTRACE_INTERRUPT, tid, 0); err != nil && !gone(err) {
		return fmt.Errorf("ptrace: %w", err)
	}
	return nil
}

// refused explains a refusal, unless the thread is this one's already: a thread
// that a seized one has started is seized with it.
func (t *tracer) refused(tid int, err error) error {
	text, readErr := os.ReadFile("/proc/" + strconv.Itoa(tid) + "/status")
	if readErr == nil && statusField(string(text), "TracerPid:") == os.Getpid() {
		t.known(tid)
		return nil
	}
	return fmt.Errorf("ptrace: %w (another user's, or traced already, or see /proc/sys/kernel/yama/ptrace_scope)", err)
}

// detach lets go of a thread, with the signal that it was about to get.
func (t *tracer) detach(th *thread, deliver int) error {
	delete(t.threads, th.tid)
	if err := request(unix.PTRACE_DETACH, th.tid, uintptr(deliver)); err != nil && !gone(err) { // #nosec G115 -- a signal's number
		return fmt.Errorf("ptrace: letting go of thread %d: %w", th.tid, err)
	}
	return nil
}
