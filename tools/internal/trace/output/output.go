// Package output writes traces: as text like strace's, as JSON lines, as CSV,
// and as a summary.
package output

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/mmapguard/go/tools/internal/trace/event"
)

// Writer is a session's sink that writes. Close ends the document.
type Writer interface {
	Begin(*event.Event) bool
	Event(*event.Event)
	Close() error
}

// Format is a form of output.
type Format string

// The formats.
const (
	Text    Format = "text"
	JSON    Format = "json"
	CSV     Format = "csv"
	Summary Format = "summary"
)

// ErrFull means that the output has reached its limit; the rest of the trace is
// not there.
var ErrFull = errors.New("the output has reached its limit (--max-output)")

// Options say how to write.
type Options struct {
	// Limit is the most bytes to write; 0 means no limit. A record that would
	// exceed it is left out as a whole, as is all that follows.
	Limit int64
	// Complete writes a call only once it is answered, in one line.
	Complete bool
}

// New makes a writer.
func New(format Format, w io.Writer, o Options) Writer {
	out := &out{w: bufio.NewWriterSize(w, 1<<16), limit: o.Limit}
	switch format {
	case JSON:
		return &jsonLines{out: out}
	case CSV:
		return newTable(out)
	case Summary:
		return &summary{out: out, calls: map[string]*tally{}}
	case Text:
	}
	return &text{out: out, complete: o.Complete, processes: map[int]bool{}, unfinished: map[*event.Event]bool{}}
}

// out is a limited, buffered file.
type out struct {
	w       *bufio.Writer
	limit   int64
	written int64
	err     error
}

// record writes a piece that is not to be taken apart.
func (o *out) record(p []byte) {
	if o.err != nil {
		return
	}
	if o.limit > 0 && o.written+int64(len(p)) > o.limit {
		o.err = ErrFull
		return
	}
	n, err := o.w.Write(p)
	o.written += int64(n)
	if err != nil {
		o.err = fmt.Errorf("writing the trace: %w", err)
	}
}

func (o *out) close() error {
	if err := o.w.Flush(); err != nil && (o.err == nil || errors.Is(o.err, ErrFull)) {
		return fmt.Errorf("writing the trace: %w", err)
	}
	return o.err
}
