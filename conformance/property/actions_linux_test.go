package property

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"pgregory.net/rapid"
)

// The actions of this process on its handles.

// drawSpan draws a part of n bytes: anywhere within, or all of it.
func drawSpan(t *rapid.T, n int64) (from, to int64) {
	if oneIn(t, 3, "all") {
		return 0, n
	}
	from = rapid.Int64Range(0, n).Draw(t, "from")
	return from, rapid.Int64Range(from, n).Draw(t, "to")
}

// readAt reads within the data, across its end, beyond it and before it.
func (w *world) readAt(t *rapid.T) {
	h := w.handle(t)
	off := rapid.Int64Range(-1, h.n+2).Draw(t, "off")
	b := make([]byte, rapid.Int64Range(0, h.n+2).Draw(t, "n"))
	n, err := h.d.ReadAt(b, off)
	switch {
	case off < 0:
		w.must(t, errors.Is(err, fs.ErrInvalid) && n == 0, h, "ReadAt before the start", n, err)
	case len(b) == 0:
		w.must(t, err == nil && n == 0, h, "ReadAt of nothing", n, err)
	case off >= h.n:
		w.must(t, err == io.EOF && n == 0, h, "ReadAt beyond the end", n, err)
	default:
		end := min(off+int64(len(b)), h.n)
		w.good(t, h.judge(b[:n], err, off, end))
		w.must(t, err != nil || off+int64(len(b)) <= h.n, h, "ReadAt across the end", n, err)
	}
}

func (w *world) must(t *rapid.T, ok bool, h *handle, what string, n any, err error) {
	if !ok {
		t.Fatalf("%v: %s: %v, %v", h, what, n, err)
	}
}

func (w *world) good(t *rapid.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

// view looks at a part by ViewRange, or at all of it by View.
func (w *world) view(t *rapid.T) {
	h := w.handle(t)
	from, to := drawSpan(t, h.n)
	var got []byte
	look := func(b []byte) error {
		w.must(t, cap(b) == len(b), h, "capacity", cap(b), nil)
		got = bytes.Clone(b) // may fault
		return nil
	}
	var err error
	if from == 0 && to == h.n {
		err = h.d.View(look)
	} else {
		err = h.d.ViewRange(from, to-from, look)
	}
	w.good(t, h.judge(got, err, from, to))
}

// viewOutside asks for ranges that are not there.
func (w *world) viewOutside(t *rapid.T) {
	h := w.handle(t)
	off := rapid.Int64Range(-2, h.n+2).Draw(t, "off")
	n := rapid.Int64Range(-2, h.n+2).Draw(t, "n")
	if off >= 0 && n >= 0 && off+n <= h.n {
		t.Skip("it is there")
	}
	err := h.d.ViewRange(off, n, func(b []byte) error { t.Fatalf("%v: lent %d bytes", h, len(b)); return nil })
	w.must(t, errors.Is(err, fs.ErrInvalid), h, "ViewRange outside", off, err)
}

// read reads from the handle's Reader, which has a position.
func (w *world) read(t *rapid.T) {
	h := w.handle(t)
	if oneIn(t, 4, "byte") {
		b, err := h.reader.ReadByte()
		w.readerGave(t, h, []byte{b}, err, 1)
		return
	}
	b := make([]byte, rapid.Int64Range(1, h.n+2).Draw(t, "n"))
	n, err := h.reader.Read(b)
	w.readerGave(t, h, b[:n], err, int64(len(b)))
}

// readerGave judges what a read of up to n bytes at the position gave.
func (w *world) readerGave(t *rapid.T, h *handle, got []byte, err error, n int64) {
	if h.pos >= h.n {
		w.must(t, err == io.EOF, h, "Reader at its end", len(got), err)
		return
	}
	to := min(h.pos+n, h.n)
	if err != nil {
		got = nil
	}
	w.must(t, err != io.EOF, h, "Reader before its end", len(got), err)
	w.good(t, h.judge(got, err, h.pos, to))
	h.pos += int64(len(got))
}

func (w *world) seek(t *rapid.T) {
	h := w.handle(t)
	whence := rapid.IntRange(0, 2).Draw(t, "whence")
	to := rapid.Int64Range(-1, h.n+2).Draw(t, "to")
	pos, err := h.reader.Seek(to-[]int64{0, h.pos, h.n}[whence], whence)
	if to < 0 {
		w.must(t, errors.Is(err, fs.ErrInvalid) && pos == h.pos, h, "Seek before the start", pos, err)
		return
	}
	w.must(t, err == nil && pos == to, h, "Seek", pos, err)
	h.pos = to
}

// writeTo copies the rest of a Reader's data to a file, which takes it from the
// mapping, or to memory.
func (w *world) writeTo(t *rapid.T) {
	h := w.handle(t)
	var memory bytes.Buffer
	var out io.Writer = &memory
	name := filepath.Join(w.dir, "copy")
	if rapid.Bool().Draw(t, "to a file") {
		f, err := os.Create(name)
		w.good(t, err)
		defer func() { _ = f.Close() }()
		out = f
	}
	n, err := h.reader.WriteTo(out)
	got := memory.Bytes()
	if out != &memory {
		var readErr error
		got, readErr = os.ReadFile(name)
		w.good(t, readErr)
	}
	w.must(t, n == int64(len(got)), h, "WriteTo counted", n, err)
	from := min(h.pos, h.n)
	if _, faults := h.expected(from, h.n); faults && from < h.n {
		// What came before the fault is right, however much it is.
		w.good(t, h.fault(err, from, h.n))
		w.good(t, h.judge(got, nil, from, from+n))
	} else {
		w.good(t, h.judge(got, err, from, h.n))
	}
	h.pos += n
}

// takeBytes takes the raw slice. That of a Cooperative handle is looked at only
// where the file still is.
func (w *world) takeBytes(t *rapid.T) {
	h := w.handle(t)
	raw := h.d.Bytes()
	w.must(t, int64(len(raw)) == h.n && cap(raw) == len(raw), h, "Bytes", len(raw), nil)
	h.raw = raw
	if want, faults := h.expected(0, h.n); !faults {
		w.good(t, h.equal(raw, want, 0))
	}
}

// changed compares Changed with what the kernel says about the file.
func (w *world) changed(t *rapid.T) {
	h := w.handle(t)
	got, err := h.d.Changed()
	w.good(t, err)
	want := (h.want == nil || h.leased) && h.stamp(t) != h.opened
	w.must(t, got == want, h, "Changed", got, nil)
}

// checkAll is run after every action: whatever happened, the handles that do not
// share the file show what they showed at first, and the others what is there.
func (w *world) checkAll(t *rapid.T) {
	for _, h := range w.handles {
		w.good(t, h.check(0, h.n))
		if h.raw != nil && h.want != nil {
			faulted, err := h.readRaw(h.raw)
			w.must(t, !faulted, h, "the raw slice faults", faulted, err)
			w.good(t, err)
		}
	}
}
