package output

import (
	"encoding/json"

	"github.com/mmapguard/go/tools/internal/trace/event"
)

// Record is an event as a line of JSON. Times are seconds.
type Record struct {
	Event  event.Kind `json:"event"`
	Name   string     `json:"name,omitempty"`
	Args   []Arg      `json:"args,omitempty"`
	Ret    *int64     `json:"ret,omitempty"`  // without one the thread ended in the call
	Errno  string     `json:"errno"`          // empty if there was none
	File   string     `json:"file,omitempty"` // that the descriptor returned stands for
	PID    int        `json:"pid"`
	TID    int        `json:"tid"`
	Seq    uint64     `json:"seq"`
	T      float64    `json:"t"`
	Dur    *float64   `json:"dur,omitempty"`
	Source string     `json:"source,omitempty"`
	Stack  []string   `json:"stack,omitempty"`
	Parent int        `json:"parent,omitempty"`
	Status *int       `json:"status,omitempty"`
	Detail string     `json:"detail,omitempty"`
}

// Arg is an argument: what it means, and the number it was.
type Arg struct {
	Name  string `json:"name"`
	Text  string `json:"text"`
	Value uint64 `json:"value"`
	File  string `json:"file,omitempty"` // that a descriptor stands for
}

// RecordOf describes an event.
func RecordOf(e *event.Event) Record {
	r := Record{
		Event: e.Kind, Name: e.Name, Errno: e.Errno, PID: e.PID, TID: e.TID, Seq: e.Seq,
		T: e.At.Seconds(), Source: e.Source, Parent: e.Parent, Detail: e.Detail,
	}
	for _, a := range e.Args {
		arg := Arg{Name: a.Name, Text: a.Text, Value: a.Raw}
		if a.File != nil {
			arg.File = a.File.Path
		}
		r.Args = append(r.Args, arg)
	}
	if e.Done {
		seconds := e.Dur.Seconds()
		r.Ret, r.Dur = &e.Ret, &seconds
	}
	if e.RetFile != nil {
		r.File = e.RetFile.Path
	}
	for _, f := range e.Frames {
		r.Stack = append(r.Stack, f.Func)
	}
	if e.Kind == event.Death {
		r.Status = &e.Status
	}
	return r
}

// jsonLines is the form for programs: one record in each line.
type jsonLines struct{ *out }

// Begin implements Writer.
func (j *jsonLines) Begin(*event.Event) bool { return true }

// Event implements Writer.
func (j *jsonLines) Event(e *event.Event) {
	line, err := json.Marshal(RecordOf(e))
	if err != nil {
		if j.err == nil {
			j.err = err
		}
		return
	}
	j.record(append(line, '\n'))
}

// Close implements Writer.
func (j *jsonLines) Close() error { return j.close() }
