// Package stream lets readers that break every rule feed LoadReader, and compares
// with a loop that takes one byte at a time.
package stream

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/mmapguard/go/fuzzers/internal/class"
	"github.com/mmapguard/go/fuzzers/internal/script"
	"github.com/mmapguard/go/mmapguard"
)

// errReader is what a reader fails with.
var errReader = errors.New("the reader fails")

// errPanic is what a reader throws.
var errPanic = errors.New("the reader panics")

// kind is what one call of Read does.
type kind int

const (
	gives        kind = iota // n bytes
	givesAndEnds             // n bytes with io.EOF
	givesAndFails
	idles // nothing, and no error
	stutters
	lies     // more bytes than there is room for
	lessThan // a negative count
	throws
	scribbles // n bytes, and other bytes behind them
	kinds     // the number of kinds
)

// call is one call of Read, as the script has it.
type call struct {
	kind kind
	n    int
}

// maxCalls bounds a script, and maxGive what one call gives.
const (
	maxCalls = 64
	maxGive  = 200 << 10
)

// decode reads the calls. A script that ends is a reader that ends.
func decode(s *script.Script) []call {
	var calls []call
	for !s.Done() && len(calls) < maxCalls {
		c := call{kind(s.Below(int(kinds))), int(s.Byte())}
		if c.n >= 200 {
			c.n = (c.n - 199) * maxGive / 56 // across the chunks' sizes
		}
		calls = append(calls, c)
	}
	return calls
}

// hostile is a reader that follows a script. It keeps every buffer it was given,
// which no reader may, and writes to all of them once it is done with.
type hostile struct {
	calls   []call
	kept    [][]byte
	next    byte
	given   int64
	largest int // buffer
	ended   bool
	after   int // calls after the end
}

// Read does what the script says.
func (h *hostile) Read(p []byte) (int, error) {
	h.kept = append(h.kept, p)
	h.largest = max(h.largest, len(p))
	if h.ended {
		h.after++
	}
	if len(h.calls) == 0 {
		h.ended = true
		return 0, io.EOF
	}
	c := h.calls[0]
	h.calls = h.calls[1:]
	return h.obey(c, p)
}

func (h *hostile) obey(c call, p []byte) (int, error) {
	switch c.kind {
	case givesAndEnds:
		h.ended = true
		return h.give(p, c.n), io.EOF
	case givesAndFails:
		h.ended = true
		return h.give(p, c.n), errReader
	case idles:
		return 0, nil
	case stutters: // for many calls, which ends a reader's patience
		if c.n > 0 {
			h.calls = append([]call{{stutters, c.n - 1}}, h.calls...)
		}
		return 0, nil
	case lies:
		h.ended = true
		return len(p) + 1 + c.n, nil
	case lessThan:
		h.ended = true
		return -1 - c.n, nil
	case throws:
		panic(errPanic)
	case scribbles:
		n := h.give(p, c.n)
		for i := n; i < len(p); i++ {
			p[i] = 0xee
		}
		return n, nil
	default:
		return h.give(p, c.n), nil
	}
}

// give fills in up to n bytes, each of which tells its place.
func (h *hostile) give(p []byte, n int) int {
	n = min(n, len(p))
	for i := range p[:n] {
		p[i] = h.next
		h.next = h.next*167 + 13
	}
	h.given += int64(n)
	return n
}

// retaliate overwrites what was kept.
func (h *hostile) retaliate() {
	for _, p := range h.kept {
		for i := range p {
			p[i] = 0xee
		}
	}
}

// patience is how often a reader may return nothing in a row; the documentation
// names io.ErrNoProgress, and package bufio the number.
const patience = 100

// result is what a load has to come to.
type result struct {
	data  []byte
	want  class.Set
	panic bool
}

// slow is the obvious loop: it reads on until something ends it. Only the size
// of the library's buffers is left open, by asking for what the reader gave.
func slow(r io.Reader, limit int64, sizes []int) (res result) {
	defer func() { res.panic = recover() != nil }()
	if limit < mmapguard.NoLimit {
		return result{want: class.Invalid}
	}
	idle := 0
	for i := 0; ; i++ {
		if i == len(sizes) {
			sizes = append(sizes, 1) // the library stopped too early, which will show
		}
		p := make([]byte, sizes[i])
		n, err := r.Read(p)
		switch {
		case n < 0 || n > len(p):
			return result{want: class.Other}
		case limit != mmapguard.NoLimit && int64(len(res.data)+n) > limit:
			return result{want: class.TooLarge}
		}
		res.data = append(res.data, p[:n]...)
		switch {
		case err == io.EOF:
			return res
		case err != nil:
			return result{want: class.Other}
		}
		if idle++; n > 0 {
			idle = 0
		}
		if idle == patience {
			return result{want: class.NoProgress}
		}
	}
}

// Check feeds the library by a reader that follows the script, under the limit.
func Check(input []byte, limit int64) error {
	calls := decode(script.New(input))
	h := &hostile{calls: calls}
	d, err, panicked := load(h, limit)
	sizes := make([]int, len(h.kept))
	for i, p := range h.kept {
		sizes[i] = len(p)
	}
	want := slow(&hostile{calls: calls}, limit, sizes)
	if panicked != want.panic {
		return fmt.Errorf("the reader's panic came through: %v, want %v", panicked, want.panic)
	}
	if panicked {
		return nil
	}
	if err := class.Want(err, want.want, "LoadReader, at most %d bytes", limit); err != nil || d == nil {
		return err
	}
	h.retaliate()
	return errors.Join(h.modest(limit), compare(d, want.data), closed(d))
}

func load(h *hostile, limit int64) (d *mmapguard.FileData, err error, panicked bool) { //nolint:revive // the panic is no error
	defer func() {
		if r := recover(); r != nil {
			if r != errPanic {
				panic(r)
			}
			panicked = true
		}
	}()
	d, err = mmapguard.LoadReader(h, limit)
	return d, err, false
}

// firstBuffer is what a reader may be lent before it has given anything.
const firstBuffer = 64 << 10

// modest checks that memory was taken as the bytes arrived, and that the reader
// was left alone after its end.
func (h *hostile) modest(limit int64) error {
	if h.after > 0 {
		return fmt.Errorf("%d calls of Read after the end", h.after)
	}
	if allowed := max(firstBuffer, 2*h.given); int64(h.largest) > allowed {
		return fmt.Errorf("a buffer of %d bytes for a reader that gave %d, limit %d", h.largest, h.given, limit)
	}
	return nil
}

// compare checks all ways to the bytes.
func compare(d *mmapguard.FileData, want []byte) error {
	all := make([]byte, len(want)+1)
	n, err := d.ReadAt(all, 0)
	if err != io.EOF || !bytes.Equal(all[:n], want) {
		return fmt.Errorf("ReadAt: %d bytes, %w; want %d: %v", n, err, len(want), bytes.Equal(all[:n], want))
	}
	err = d.View(func(b []byte) error {
		if !bytes.Equal(b, want) || cap(b) != len(b) {
			return fmt.Errorf("the view has %d bytes of capacity %d, want %d", len(b), cap(b), len(want))
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case d.Guarantee() != mmapguard.Isolated, d.Mechanism() != mmapguard.MechanismHeap, d.Backing() != mmapguard.Loaded:
		return fmt.Errorf("it is %v by %v, %v", d.Guarantee(), d.Mechanism(), d.Backing())
	case d.Size() != int64(len(want)), !bytes.Equal(d.Bytes(), want), cap(d.Bytes()) != len(want):
		return fmt.Errorf("the Size is %d, with %d Bytes of capacity %d, want %d", d.Size(), len(d.Bytes()), cap(d.Bytes()), len(want))
	}
	var out bytes.Buffer
	if n, err := d.WriteTo(&out); err != nil || n != int64(len(want)) || !bytes.Equal(out.Bytes(), want) {
		return fmt.Errorf("WriteTo: %d bytes of %d, %w", n, len(want), err)
	}
	return nil
}

// closed closes the handle, and asks it for more.
func closed(d *mmapguard.FileData) error {
	if err := d.Close(); err != nil {
		return err
	}
	_, err := d.ReadAt(make([]byte, 1), 0)
	return errors.Join(
		class.Want(err, class.Closed, "ReadAt after Close"),
		class.Want(d.Close(), class.Closed, "the second Close"),
		class.Want(d.View(func([]byte) error { return nil }), class.Closed, "View after Close"))
}
