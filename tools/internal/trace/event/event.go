// Package event describes what a trace consists of: system calls with their
// arguments in words, signals, and the births and deaths of threads.
package event

import (
	"strings"
	"time"
)

// Kind tells what has happened.
type Kind string

// The kinds. Exec is said in addition to the system call, once the memory is
// the new program's.
const (
	Syscall Kind = "syscall"
	Signal  Kind = "signal"
	Birth   Kind = "birth"
	Death   Kind = "death"
	Exec    Kind = "exec"
)

// File is what a descriptor stands for.
type File struct {
	Path string // as the kernel tells it: "socket:[4711]" is one too
	// The rest is known only if the trace was told to find it out.
	Known    bool
	Dev, Ino uint64
	Size     int64
	Regular  bool
	Nameless bool   // no directory has a name for it
	Flags    uint64 // how it was opened
	Writable bool   // that it was opened for writing
}

// Arg is an argument.
type Arg struct {
	Name   string
	Raw    uint64
	Text   string   // as C would write it
	Flag   bool     // it consists of flags, or is a command
	Names  []string // these, as far as they have names
	Path   string   // of a name
	File   *File    // of a descriptor
	Hidden bool     // it means nothing with this call's other arguments
}

// Frame is a place on a thread's stack.
type Frame struct {
	Func string
	File string
	Line int
}

// Event is something that has happened.
type Event struct {
	Kind     Kind
	Seq      uint64 // of all that is told, in order
	PID, TID int
	// At counts from the trace's start, by CLOCK_MONOTONIC; Dur from the begin of
	// a call to its answer.
	At, Dur time.Duration

	Name   string // of the call, or of the signal
	Number uint64
	Args   []Arg
	// Ret is the answer; Failed that it is the negative number of Errno. Without
	// Done there is none, because the thread ended in the call.
	Ret     int64
	RetText string
	RetFile *File
	// Answer are the flags that the answer consists of: the seals of a file, the
	// attributes that statx(2) found.
	Answer []string
	Done   bool
	Failed bool
	Errno  string

	Frames []Frame // the stack, the innermost first, of the frames that have a name
	Source string  // file:line of the first that is the program's own
	Owner  string  // the package of that
	Object string  // the program or library in which the call was made

	Parent int    // of a birth
	Status int    // of a death
	Detail string // of a signal: what came along with it
}

// Arg finds an argument by name.
func (e *Event) Arg(name string) (Arg, bool) {
	for _, a := range e.Args {
		if a.Name == name {
			return a, true
		}
	}
	return Arg{}, false
}

// File is what the first descriptor among the arguments stands for, or nil.
func (e *Event) File() *File {
	for _, a := range e.Args {
		if a.File != nil {
			return a.File
		}
	}
	return nil
}

// Call is the call with its arguments, as C would write it.
func (e *Event) Call() string {
	var b strings.Builder
	b.WriteString(e.Name)
	b.WriteByte('(')
	b.WriteString(e.ArgText())
	b.WriteByte(')')
	return b.String()
}

// ArgText is the list of arguments.
func (e *Event) ArgText() string {
	var b strings.Builder
	for _, a := range e.Args {
		if a.Hidden {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(a.Text)
		if a.File != nil && a.File.Path != "" {
			b.WriteString("<" + a.File.Path + ">")
		}
	}
	return b.String()
}

// Result is the answer in words.
func (e *Event) Result() string {
	switch {
	case !e.Done:
		return "?"
	case e.Failed && e.Errno != "":
		return "-1 " + e.Errno
	case e.RetFile != nil && e.RetFile.Path != "":
		return e.RetText + "<" + e.RetFile.Path + ">"
	}
	return e.RetText
}
