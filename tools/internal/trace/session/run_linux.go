//go:build amd64 || arm64

package session

import (
	"errors"
	"os"

	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/decode"
	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/filter"
	"github.com/mmapguard/go/tools/internal/trace/ptrace"
	"github.com/mmapguard/go/tools/internal/trace/source"
)

// Run makes a trace, and returns when there is nothing left to trace.
func Run(c Config, sink Sink) (out Outcome, err error) {
	table, ok := abi.Native()
	if !ok {
		return Outcome{}, ptrace.ErrUnavailable
	}
	w := &watcher{Config: c, sink: sink, decoder: decode.New(table)}
	w.decoder.Identify = c.Identify
	defer w.decoder.Close()
	if c.Source {
		w.lines = source.NewResolver()
		w.lines.Through = c.Through
		defer func() { err = errors.Join(err, w.lines.Close()) }()
	}
	o := ptrace.Options{
		Audit: table.Audit, NoSeccomp: c.NoSeccomp, Frames: c.Source, Timeout: c.Timeout, Signals: c.Interrupt,
	}
	if c.Calls != nil {
		o.Calls = c.Calls.Numbers(table)
	} else {
		o.Spared = c.Spared.Numbers(table)
	}
	if c.Command == nil {
		return Outcome{}, errors.Join(ptrace.Attach(c.PIDs, o, w), w.err)
	}
	command, err := c.command()
	if err != nil {
		return Outcome{}, err
	}
	out, err = ptrace.Run(command, o, w)
	return out, errors.Join(err, w.err)
}

func (c Config) command() (ptrace.Command, error) {
	path, err := ptrace.Executable(c.Command[0], os.Getenv("PATH"))
	command := ptrace.Command{
		Path: path, Argv: c.Command, Env: os.Environ(), Dir: c.Dir,
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	}
	if c.Stdout != nil {
		command.Stdout = c.Stdout
	}
	return command, err
}

// watcher is the observer of a session.
type watcher struct {
	Config
	sink    Sink
	decoder *decode.Decoder
	lines   *source.Resolver // nil without Source
	seq     uint64
	open    map[int]*event.Event // calls that have begun, by thread
	err     error                // the first of a condition
}

func (w *watcher) number(e *event.Event) *event.Event {
	w.seq++
	e.Seq = w.seq
	return e
}

// Enter implements ptrace.Observer.
func (w *watcher) Enter(c *ptrace.Call) ptrace.Verdict {
	e := w.decoder.Enter(c)
	if w.lines != nil {
		w.lines.Describe(e, c)
	}
	if w.Condition == nil {
		switch {
		case !w.sink.Begin(e):
			return ptrace.Kill
		case !wantsAnswer(w.sink, e):
			return ptrace.Ignore
		}
	}
	if w.open == nil {
		w.open = map[int]*event.Event{}
	}
	c.Note = e
	w.open[c.TID] = e
	return ptrace.Report
}

// Leave implements ptrace.Observer.
func (w *watcher) Leave(c *ptrace.Call) {
	e, ok := c.Note.(*event.Event)
	if !ok {
		return
	}
	delete(w.open, c.TID)
	e.TID = c.TID // which execve(2) may have changed
	w.decoder.Leave(e, c)
	w.tell(e)
}

// tell passes a call on if it meets the condition.
func (w *watcher) tell(e *event.Event) {
	if w.Condition != nil {
		facts := filter.FactsOf(e)
		holds, err := w.Condition.Holds(&facts)
		if err != nil && w.err == nil {
			w.err = err
		}
		if !holds {
			return
		}
	}
	w.sink.Event(w.number(e))
}

// Exec implements ptrace.Observer.
func (w *watcher) Exec(pid, tid int) {
	w.decoder.Forget(tid)
	if w.lines != nil {
		w.lines.Forget(pid)
	}
	if w.Lives {
		w.sink.Event(w.number(&event.Event{Kind: event.Exec, PID: pid, TID: tid}))
	}
}

// Signal implements ptrace.Observer.
func (w *watcher) Signal(s ptrace.Signal) {
	if w.Signals {
		w.sink.Event(w.number(w.decoder.Signal(s)))
	}
}

// Birth implements ptrace.Observer.
func (w *watcher) Birth(b ptrace.Birth) {
	if w.Lives {
		w.sink.Event(w.number(&event.Event{Kind: event.Birth, PID: b.PID, TID: b.TID, At: b.At, Parent: b.ParentPID}))
	}
}

// Death implements ptrace.Observer. A call that the thread was in has no answer.
func (w *watcher) Death(d ptrace.Death) {
	if e := w.open[d.TID]; e != nil {
		delete(w.open, d.TID)
		w.tell(e)
	}
	w.decoder.Forget(d.TID)
	if w.lines != nil && d.Process {
		w.lines.Forget(d.PID)
	}
	if w.Lives {
		e := &event.Event{Kind: event.Death, PID: d.PID, TID: d.TID, At: d.At, Status: d.Status}
		if d.Signal != 0 {
			e.Name = w.decoder.SignalName(d.Signal)
		}
		w.sink.Event(w.number(e))
	}
}
