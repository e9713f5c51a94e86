// Package session makes a trace: it joins what stops a program (package ptrace),
// what puts it into words (decode, source) and what is wanted (filter), and
// tells a sink.
package session

import (
	"os"
	"time"

	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/filter"
	"github.com/mmapguard/go/tools/internal/trace/ptrace"
)

// Sink takes a trace. It is called on one thread, while the one in question
// stands still.
type Sink interface {
	// Begin is told of a call before the kernel sees it, unless a condition
	// decides by the answer. False means that the process is to be killed.
	Begin(*event.Event) bool
	// Event is told of what has happened.
	Event(*event.Event)
}

// Config says what to trace, and how.
type Config struct {
	// Command is what to start: its words, the first of which PATH finds. Without
	// one, PIDs are joined.
	Command []string
	PIDs    []int
	Dir     string
	Stdout  *os.File // of the command; nil means this program's

	Calls     filter.Set        // nil means all
	Condition *filter.Condition // nil means none
	Signals   bool              // tell of them
	Lives     bool              // tell of births and deaths
	Source    bool              // find lines
	Through   []string          // packages whose calls are their callers'
	Identify  bool              // find out about descriptors' files
	NoSeccomp bool

	Timeout   time.Duration
	Interrupt <-chan os.Signal
}

// Outcome is how a trace has ended.
type Outcome = ptrace.Outcome

// both tells two sinks.
type both struct{ one, two Sink }

// Both makes a sink of two, each of which may have a process killed.
func Both(one, two Sink) Sink { return both{one, two} }

func (b both) Begin(e *event.Event) bool {
	one, two := b.one.Begin(e), b.two.Begin(e)
	return one && two
}

func (b both) Event(e *event.Event) {
	b.one.Event(e)
	b.two.Event(e)
}
