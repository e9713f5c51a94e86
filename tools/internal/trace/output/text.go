package output

import (
	"fmt"
	"strconv"
	"time"

	"github.com/mmapguard/go/tools/internal/trace/event"
)

// text is the form for reading. A call during which another thread has something
// to tell is written in two parts, as strace does.
type text struct {
	*out
	complete   bool
	processes  map[int]bool // seen so far: with more than one, lines name theirs
	begun      *event.Event // the last call to begin, nothing of which is written
	unfinished map[*event.Event]bool
	line       []byte
}

// Begin implements Writer.
func (t *text) Begin(e *event.Event) bool {
	if !t.complete {
		t.interrupt()
		t.begun = e
	}
	return true
}

// interrupt writes the first part of a call that something else comes between.
func (t *text) interrupt() {
	if t.begun == nil {
		return
	}
	t.prefix(t.begun)
	t.line = append(t.line, t.begun.Name...)
	t.line = append(t.line, '(')
	t.line = append(t.line, t.begun.ArgText()...)
	t.line = append(t.line, " <unfinished ...>\n"...)
	t.record(t.line)
	t.unfinished[t.begun] = true
	t.begun = nil
}

// Event implements Writer.
func (t *text) Event(e *event.Event) {
	if t.begun != e {
		t.interrupt()
	}
	t.begun = nil
	t.prefix(e)
	switch e.Kind {
	case event.Syscall:
		t.call(e)
	case event.Signal:
		t.line = fmt.Appendf(t.line, "--- %s {%s} ---", e.Name, e.Detail)
	case event.Death:
		t.death(e)
	case event.Birth:
		t.line = append(t.line, "+++ started +++"...)
	case event.Exec:
		t.line = append(t.line, "+++ another program +++"...)
	}
	t.line = append(t.line, '\n')
	t.record(t.line)
}

func (t *text) death(e *event.Event) {
	if e.Name != "" {
		t.line = fmt.Appendf(t.line, "+++ killed by %s +++", e.Name)
		return
	}
	t.line = fmt.Appendf(t.line, "+++ exited with %d +++", e.Status)
}

// call writes a call, or what is left of it, and its answer.
func (t *text) call(e *event.Event) {
	if t.unfinished[e] {
		delete(t.unfinished, e)
		t.line = append(t.line, "<... "...)
		t.line = append(t.line, e.Name...)
		t.line = append(t.line, " resumed>)"...)
	} else {
		t.line = append(t.line, e.Call()...)
	}
	t.line = append(t.line, " = "...)
	t.line = append(t.line, e.Result()...)
	if e.Done {
		t.line = append(t.line, " <"...)
		t.line = appendSeconds(t.line, e.Dur)
		t.line = append(t.line, '>')
	}
	if e.Source != "" {
		t.line = append(t.line, "  "...)
		t.line = append(t.line, e.Source...)
	}
}

// prefix begins a line: the thread, if there is more than one, and the time.
func (t *text) prefix(e *event.Event) {
	t.line = t.line[:0]
	t.processes[e.TID] = true
	if len(t.processes) > 1 {
		t.line = append(t.line, "[pid "...)
		t.line = strconv.AppendInt(t.line, int64(e.TID), 10)
		t.line = append(t.line, "] "...)
	}
	t.line = appendSeconds(t.line, e.At)
	t.line = append(t.line, ' ')
}

// appendSeconds writes seconds, to the microsecond.
func appendSeconds(b []byte, d time.Duration) []byte {
	us := d.Microseconds()
	b = strconv.AppendInt(b, us/1e6, 10)
	b = append(b, '.')
	const digits = 6
	fraction := strconv.Itoa(int(us % 1e6))
	for range digits - len(fraction) {
		b = append(b, '0')
	}
	return append(b, fraction...)
}

// Close implements Writer.
func (t *text) Close() error {
	t.interrupt()
	return t.close()
}
