package output

import (
	"bytes"
	"encoding/csv"
	"strconv"

	"github.com/mmapguard/go/tools/internal/trace/event"
)

// table is the form for spreadsheets (RFC 4180).
type table struct {
	*out
	buf    bytes.Buffer
	writer *csv.Writer
}

func newTable(o *out) *table {
	t := &table{out: o}
	t.writer = csv.NewWriter(&t.buf)
	t.row("seq", "t", "pid", "tid", "event", "name", "args", "ret", "errno", "dur", "source")
	return t
}

func (t *table) row(fields ...string) {
	t.buf.Reset()
	// Writing to memory does not fail.
	_ = t.writer.Write(fields)
	t.writer.Flush()
	t.record(t.buf.Bytes())
}

// Begin implements Writer.
func (t *table) Begin(*event.Event) bool { return true }

// Event implements Writer.
func (t *table) Event(e *event.Event) {
	ret, dur := "", ""
	if e.Done {
		ret, dur = strconv.FormatInt(e.Ret, 10), string(appendSeconds(nil, e.Dur))
	}
	t.row(strconv.FormatUint(e.Seq, 10), string(appendSeconds(nil, e.At)), strconv.Itoa(e.PID), strconv.Itoa(e.TID),
		string(e.Kind), e.Name, e.ArgText(), ret, e.Errno, dur, e.Source)
}

// Close implements Writer.
func (t *table) Close() error { return t.close() }
