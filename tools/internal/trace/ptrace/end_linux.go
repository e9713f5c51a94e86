//go:build amd64 || arm64

package ptrace

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// watch ends the trace when its time is over, and deals with signals. The
// function it returns ends the watching.
func (t *tracer) watch(o Options, signal func(os.Signal)) (stop func() (timedOut bool)) {
	done, ended := make(chan struct{}), make(chan bool)
	var timeout <-chan time.Time
	if o.Timeout > 0 {
		timeout = time.NewTimer(o.Timeout).C
	}
	go func() {
		late := false
		for {
			select {
			case <-done:
				ended <- late
				return
			case s := <-o.Signals:
				signal(s)
			case <-timeout:
				late = true
				t.expire()
			}
		}
	}()
	return func() bool {
		close(done)
		return <-ended
	}
}

// pass gives a signal on to the program. One more means that it would not
// listen.
func (t *tracer) pass(s os.Signal) {
	sig, ok := s.(syscall.Signal)
	if !ok || t.passed.Swap(true) {
		t.expire()
		return
	}
	_ = unix.Kill(t.root, sig) // it may just have ended
}

// expire ends what was started, and all it has started itself; the joined are
// let go.
func (t *tracer) expire() {
	if t.waker != nil {
		_ = t.waker.Close() // whose end is all that is wanted
		return
	}
	t.killing.Store(true)
	t.mu.Lock()
	defer t.mu.Unlock()
	// Processes that are born meanwhile are killed at their first stop.
	_ = unix.Kill(t.root, unix.SIGKILL) // it may just have ended
	for pid := range t.processes {
		_ = unix.Kill(pid, unix.SIGKILL)
	}
}

// abandon leaves nobody stopped after an error that should not be: what was
// started is killed, what was joined the kernel lets go with this process.
func (t *tracer) abandon() {
	if t.root != 0 {
		t.expire()
	}
}

// loopToEnd lets go of what was seized before something failed.
func (t *tracer) loopToEnd() {
	_ = t.loop() // the first failure is the one to tell
}

// detachAll stops every thread, in order to let go of it where it stands: a
// thread cannot be let go of while it runs.
func (t *tracer) detachAll() {
	t.detaching = true
	for tid := range t.threads {
		// Those that are stopped already are not stopped again.
		_ = request(unix.PTRACE_INTERRUPT, tid, 0)
	}
}
