// Package ptrace runs programs so that their system calls can be seen, or joins
// programs that run already (ptrace(2)). It follows every thread and every
// child, and lets everything else be as it would be without it: signals arrive
// with what came along with them, stopped programs stay stopped and continue.
//
// A program that is started gets a seccomp filter, under which only the system
// calls that are wanted stop it (seccomp(2), SECCOMP_RET_TRACE). The filter
// cannot be had by a process that runs already, nor, without CAP_SYS_ADMIN,
// together with set-user-ID programs: then PR_SET_NO_NEW_PRIVS is set, as the
// kernel demands.
package ptrace

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// ErrUnavailable means that there is no tracing on this system.
var ErrUnavailable = fmt.Errorf("programs are traced on Linux for amd64 and arm64 only: %w", errors.ErrUnsupported)

// Command is a program to start.
type Command struct {
	Path string // of the file to execute
	Argv []string
	Env  []string
	Dir  string
	// Stdin, Stdout and Stderr become the program's.
	Stdin, Stdout, Stderr *os.File
}

// Options say what is to be seen.
type Options struct {
	// Calls are the numbers of the system calls that are wanted; nil means all.
	Calls []uint64
	// Spared are those that are not, if all others are.
	Spared []uint64
	// Audit is the processor's name in the kernel (linux/audit.h). Calls made in
	// the way of another one are always seen.
	Audit uint32
	// NoSeccomp stops the program at every system call, wanted or not.
	NoSeccomp bool
	// Frames asks for the frame pointer of every call.
	Frames bool
	// Timeout ends the trace; 0 means never. What was started is killed, what was
	// joined goes on without.
	Timeout time.Duration
	// Signals, sent to this program, that are passed on to a program that was
	// started, or end the joining of one that was not.
	Signals <-chan os.Signal
}

// Call is a system call of a thread.
type Call struct {
	PID, TID int // of the process and of the thread
	// Foreign tells that the call was made in the way of another processor, such
	// as the 32-bit one; Audit is its name in the kernel.
	Foreign bool
	Audit   uint32
	Number  uint64
	Args    [6]uint64
	// PC, SP and FP are where the thread stands: FP only if Frames was asked for.
	PC, SP, FP uint64
	// Entered and Left count from the start of the trace, by CLOCK_MONOTONIC.
	Entered, Left time.Duration
	// Ret is the answer, once there is one: a negative error number if Failed.
	Ret    int64
	Failed bool
	// Note is the observer's.
	Note any
}

// Signal is a signal on its way to a thread.
type Signal struct {
	PID, TID   int
	Number     int
	Code       int32 // si_code
	Sender     int32 // si_pid, of signals that a process has sent
	Address    uint64
	At         time.Duration
	StopsGroup bool // it has stopped the process, as SIGSTOP does
}

// Birth is a new thread or process.
type Birth struct {
	PID, TID  int
	ParentPID int
	At        time.Duration
}

// Death is the end of a thread, or of a process with its last one.
type Death struct {
	PID, TID int
	Process  bool
	Status   int
	Signal   int // 0 unless a signal ended it
	At       time.Duration
}

// Verdict is what an observer makes of a call that begins.
type Verdict int

const (
	// Report the answer as well.
	Report Verdict = iota
	// Ignore the call.
	Ignore
	// Kill the process before the kernel carries the call out.
	Kill
)

// Observer is told what happens, while the thread in question stands still. The
// others may run on.
type Observer interface {
	Enter(*Call) Verdict
	Leave(*Call)
	// Exec is told after a successful execve(2), before Leave: the memory is the
	// new program's. Threads other than tid are gone.
	Exec(pid, tid int)
	Signal(Signal)
	Birth(Birth)
	Death(Death)
}

// Outcome is how the program that was started has ended.
type Outcome struct {
	Status   int // its exit status
	Signal   int // the signal that ended it, or 0
	TimedOut bool
}

// ErrStart means that the program could not be started; it wraps the kernel's
// reason.
var ErrStart = errors.New("not started")
