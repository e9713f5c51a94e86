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

// Picky is a sink that has no use for the answers of some calls. It is asked
// after Begin; the program is spared a stop for each answer that is not wanted.
type Picky interface {
	Sink
	Answers(*event.Event) bool
}

// wantsAnswer asks a sink, which unless it is picky wants them all.
func wantsAnswer(s Sink, e *event.Event) bool {
	picky, ok := s.(Picky)
	return !ok || picky.Answers(e)
}

// Config says what to trace, and how.
type Config struct {
	// Command is what to start: its words, the first of which PATH finds. Without
	// one, PIDs are joined.
	Command []string
	PIDs    []int
	Dir     string
	Stdout  *os.File // of the command; nil means this program's

	Calls     filter.Set        // nil means all but those that are spared
	Spared    filter.Set        // then; those without a name are never
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

// Answers tells whether one of the two wants the answer of a call.
func (b both) Answers(e *event.Event) bool { return wantsAnswer(b.one, e) || wantsAnswer(b.two, e) }

func (b both) Event(e *event.Event) {
	b.one.Event(e)
	b.two.Event(e)
}
