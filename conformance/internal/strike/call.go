// Package strike runs a program call by call (ptrace(2)) and lets the caller
// act at any of its system calls, before the kernel sees it or before the
// program sees the answer. That is how a race that is lost once in a million
// times is lost every time.
package strike

import "errors"

// ErrUnavailable means that programs cannot be run call by call here.
var ErrUnavailable = errors.New("system calls can be stopped on Linux for amd64, arm64 and 386 only")

// Call is a system call at which a thread has been stopped.
type Call struct {
	PID  int // of the process
	Name string
	Args [6]uint64
	// Path is the name that an open was asked for.
	Path string
	// Done tells that the kernel has carried it out: Result then is its answer,
	// a negated error number if it failed.
	Done   bool
	Result int64
}

// Command says what to run.
type Command struct {
	Argv []string
	Env  []string
	Dir  string
}

// Outcome is how the program ended.
type Outcome struct {
	Output string // its standard output
	Status int    // its exit status, or -1 if a signal ended it
	Signal string // which, or empty
}
