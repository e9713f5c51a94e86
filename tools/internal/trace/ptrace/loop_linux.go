//go:build amd64 || arm64

package ptrace

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// thread is what has to be remembered of a traced thread.
type thread struct {
	tid, pid int
	call     *Call // the one it is in, if the answer is wanted
	inside   bool  // the next stop is to be the answer of a call
	// hidden tells that it is the stub, not yet the program.
	hidden bool
}

type tracer struct {
	observer Observer
	calls    map[uint64]bool // wanted; nil means all but those spared
	spared   map[uint64]bool
	audit    uint32
	filtered bool // a seccomp filter tells calls that are wanted from others
	frames   bool
	probe    *probe
	polls    int // how often to look for a stop before waiting for one
	began    time.Time
	threads  map[int]*thread

	root           int // what was started; 0 if nothing was
	status, signal int // how it ended
	passed         atomic.Bool
	killing        atomic.Bool

	mu        sync.Mutex
	processes map[int]struct{} // for the watching goroutine

	waker     *os.File // closing it ends the waker process
	wakerPID  int
	detaching bool
}

func newTracer(o Options, observer Observer) *tracer {
	t := &tracer{
		observer: observer, audit: o.Audit, filtered: !o.NoSeccomp, frames: o.Frames,
		probe: &probe{}, polls: pollsHere(), began: time.Now(), threads: map[int]*thread{}, processes: map[int]struct{}{},
	}
	if o.Calls != nil {
		t.calls = setOf(o.Calls)
	} else {
		t.spared = setOf(o.Spared)
	}
	return t
}

func setOf(numbers []uint64) map[uint64]bool {
	set := map[uint64]bool{}
	for _, n := range numbers {
		set[n] = true
	}
	return set
}

// wanted tells whether a call of this processor is.
func (t *tracer) wanted(number uint64) bool {
	return (t.calls == nil || t.calls[number]) && !t.spared[number]
}

func (t *tracer) now() time.Duration { return time.Since(t.began) }

// loop goes from stop to stop until no thread is left.
func (t *tracer) loop() error {
	for {
		var ws unix.WaitStatus
		tid, err := t.wait(&ws)
		switch {
		case errors.Is(err, unix.ECHILD):
			return nil
		case err != nil:
			return fmt.Errorf("wait4: %w", err)
		case tid == t.wakerPID:
			t.wakerPID = 0
			t.detachAll()
		case ws.Stopped():
			err = t.stopped(tid, ws)
		default:
			t.ended(tid, ws)
		}
		if err != nil {
			t.abandon()
			return err
		}
		if t.root == 0 && len(t.threads) == 0 {
			return nil
		}
	}
}

// ended is called for a thread that is no more.
func (t *tracer) ended(tid int, ws unix.WaitStatus) {
	th := t.threads[tid]
	if th == nil {
		return
	}
	delete(t.threads, tid)
	d := Death{PID: th.pid, TID: tid, Process: tid == th.pid, At: t.now()}
	if ws.Signaled() {
		d.Signal = int(ws.Signal())
	} else {
		d.Status = ws.ExitStatus()
	}
	if d.Process {
		t.mu.Lock()
		delete(t.processes, tid)
		t.mu.Unlock()
	}
	if tid == t.root {
		t.status, t.signal = d.Status, d.Signal
	}
	if !th.hidden {
		t.observer.Death(d)
	}
}

// known finds a thread, which may be a new one whose first stop came before the
// news of its birth.
func (t *tracer) known(tid int) *thread {
	if th := t.threads[tid]; th != nil {
		return th
	}
	pid, parent := groupOf(tid)
	th := &thread{tid: tid, pid: pid}
	if pid != tid {
		parent = pid
	}
	if p := t.threads[parent]; p != nil {
		th.hidden = p.hidden
	}
	t.threads[tid] = th
	if !th.hidden {
		t.appear(th, parent)
	}
	return th
}

// appear tells the observer of a thread that it has not seen yet.
func (t *tracer) appear(th *thread, parent int) {
	th.hidden = false
	t.mu.Lock()
	t.processes[th.pid] = struct{}{}
	t.mu.Unlock()
	t.observer.Birth(Birth{PID: th.pid, TID: th.tid, ParentPID: parent, At: t.now()})
}

// stopped deals with a stop and lets the thread run on (ptrace(2), "Stopped
// states").
func (t *tracer) stopped(tid int, ws unix.WaitStatus) error {
	sig, event := ws.StopSignal(), int(ws)>>16
	if event == unix.PTRACE_EVENT_EXEC {
		t.execed(tid)
	}
	th := t.known(tid)
	if t.killing.Load() {
		_ = unix.Kill(th.pid, unix.SIGKILL) // it may be dead already
	}
	deliver := 0
	switch {
	case sig == unix.SIGTRAP|0x80:
		t.syscallStop(th)
	case event == unix.PTRACE_EVENT_SECCOMP:
		t.seccompStop(th)
	case event == unix.PTRACE_EVENT_STOP && sig != unix.SIGTRAP:
		return t.groupStop(th, sig)
	case event == unix.PTRACE_EVENT_CLONE, event == unix.PTRACE_EVENT_FORK, event == unix.PTRACE_EVENT_VFORK:
		if child, err := unix.PtraceGetEventMsg(tid); err == nil {
			t.known(int(child)) // #nosec G115 -- a pid
		}
	case event == 0:
		deliver = int(sig)
		t.tellSignal(th)
	}
	return t.resume(th, deliver)
}

// resume lets a thread run to its next stop: the answer of the call it is in,
// if that is wanted, or the next call that is.
func (t *tracer) resume(th *thread, deliver int) error {
	if t.detaching {
		return t.detach(th, deliver)
	}
	how := unix.PTRACE_SYSCALL
	if t.filtered && !th.inside {
		how = unix.PTRACE_CONT
	}
	if err := request(how, th.tid, uintptr(deliver)); err != nil && !gone(err) { // #nosec G115 -- a signal's number
		return fmt.Errorf("ptrace: resuming thread %d: %w", th.tid, err)
	}
	return nil
}

// groupStop leaves a process stopped that a signal has stopped, until another
// one lets it go on (ptrace(2), PTRACE_LISTEN).
func (t *tracer) groupStop(th *thread, sig unix.Signal) error {
	t.observer.Signal(Signal{PID: th.pid, TID: th.tid, Number: int(sig), At: t.now(), StopsGroup: true})
	if t.detaching {
		return t.detach(th, 0)
	}
	if err := request(unix.PTRACE_LISTEN, th.tid, 0); err != nil && !gone(err) {
		return fmt.Errorf("ptrace: leaving thread %d stopped: %w", th.tid, err)
	}
	return nil
}

func (t *tracer) tellSignal(th *thread) {
	s, ok := t.probe.signalInfo(th.tid)
	if !ok || th.hidden {
		return
	}
	s.PID, s.TID, s.At = th.pid, th.tid, t.now()
	t.observer.Signal(s)
}

// execed tells of a program that took the place of another. If it was not the
// first thread that asked for it, that one has the first one's number now; the
// others are gone.
func (t *tracer) execed(tid int) {
	former, err := unix.PtraceGetEventMsg(tid)
	if err != nil {
		return
	}
	if old := t.threads[int(former)]; old != nil && old.tid != tid { // #nosec G115 -- a pid
		delete(t.threads, old.tid)
		old.tid = tid
		if old.call != nil {
			old.call.TID = tid
		}
		t.threads[tid] = old
	}
	th := t.known(tid)
	if th.hidden { // execve(2) is not among the calls that are wanted
		t.appear(th, 0)
	}
	t.observer.Exec(th.pid, tid)
}
