//go:build amd64 || arm64

package ptrace

import "golang.org/x/sys/unix"

// seccompStop is where the filter stops a thread, before the kernel carries the
// call out.
func (t *tracer) seccompStop(th *thread) {
	info, err := t.probe.syscallInfo(th.tid)
	if err == nil && info.kind == infoSeccomp {
		t.enter(th, info)
	}
}

// syscallStop is where a thread without a filter is stopped twice, and one with
// a filter a second time.
func (t *tracer) syscallStop(th *thread) {
	info, err := t.probe.syscallInfo(th.tid)
	switch {
	case err != nil: // killed meanwhile
	case info.kind == infoEntry:
		t.enter(th, info)
	case info.kind == infoExit:
		t.leave(th, info)
	}
}

// enter asks the observer what to do about a call that begins.
func (t *tracer) enter(th *thread, info syscallInfo) {
	// Without a filter there is a stop at the answer in any case.
	th.inside = !t.filtered
	foreign := info.audit != t.audit
	if !foreign && !t.wanted(info.number) {
		return
	}
	call := &Call{
		PID: th.pid, TID: th.tid, Foreign: foreign, Audit: info.audit, Number: info.number, Args: info.args,
		PC: info.pc, SP: info.sp, Entered: t.now(),
	}
	if th.hidden {
		// The stub's execve(2), with which it becomes the program, is the first
		// call of the program's; what came before is none.
		if call.Number != unix.SYS_EXECVE {
			return
		}
		t.appear(th, 0)
	}
	if t.frames {
		call.FP = framePointer(th.tid)
	}
	switch t.observer.Enter(call) {
	case Report:
		th.call, th.inside = call, true
	case Kill:
		_ = unix.Kill(th.pid, unix.SIGKILL) // it may be dead already
	case Ignore:
	}
}

// leave tells the observer of an answer.
func (t *tracer) leave(th *thread, info syscallInfo) {
	th.inside = false
	call := th.call
	if call == nil {
		return
	}
	th.call = nil
	call.Left, call.Ret, call.Failed = t.now(), info.ret, info.failed
	t.observer.Leave(call)
}
