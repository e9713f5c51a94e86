package lifecycle

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/mmapguard/go/fuzzers/internal/class"
	"github.com/mmapguard/go/fuzzers/internal/model"
	"github.com/mmapguard/go/mmapguard"
)

// The operations that copy out.

// handle is one of those there ever were, if any is left.
func (w *world) handle() *handle {
	if len(w.handles) == 0 {
		return nil
	}
	return w.handles[w.Below(len(w.handles))]
}

// onHandle makes an operation of what is done to a handle.
func onHandle(do func(w *world, h *handle) error) func(w *world) error {
	return func(w *world) error {
		if h := w.handle(); h != nil {
			return do(w, h)
		}
		return nil
	}
}

// readAt reads within the data, across its end, beyond it and before it.
func (w *world) readAt(h *handle) error {
	off, b := w.Near(h.n, model.Page), w.room(max(w.Near(h.n, model.Page), 0))
	var n int
	var err error
	if wrong := w.a.do(func() { n, err = h.d.ReadAt(b, off) }); wrong != nil {
		return wrong
	}
	w.note("ReadAt of %d bytes at %d of %v: %d, %v", len(b), off, h, n, err)
	return h.gave("ReadAt", b, off, n, err)
}

// gave judges what a read of len(b) bytes at an offset came to.
func (h *handle) gave(what string, b []byte, off int64, n int, err error) error {
	want := class.Set(0)
	switch {
	case off < 0:
		want = class.Invalid
	case h.closed:
		want = class.Closed
	case len(b) == 0:
	case off >= h.n:
		want = class.EOF
	default:
		return h.gaveData(what, b, off, n, err)
	}
	if n != 0 {
		return fmt.Errorf("%v: %s of %d bytes at %d: %d bytes, want none", h, what, len(b), off, n)
	}
	return class.Want(err, want, "%v: %s of %d bytes at %d", h, what, len(b), off)
}

// gaveData is gave for a read that starts within the data. Only one that ends
// beyond it may say io.EOF, and a ReadAt has to.
func (h *handle) gaveData(what string, b []byte, off int64, n int, err error) error {
	end := min(off+int64(len(b)), h.n)
	if err == io.EOF && what == "ReadAt" && off+int64(len(b)) > h.n {
		err = nil
	} else if err == nil && what == "ReadAt" && off+int64(len(b)) > h.n {
		return fmt.Errorf("%v: ReadAt across the end, of %d bytes at %d, is no io.EOF", h, len(b), off)
	}
	return h.judge(what, b[:n], err, off, end)
}

// read reads on from the position of the handle's Reader.
func (w *world) read(h *handle) error {
	b := w.room(max(w.Near(h.n, model.Page), 0))
	var n int
	var err error
	if wrong := w.a.do(func() { n, err = h.reader.Read(b) }); wrong != nil {
		return wrong
	}
	w.note("Read of %d bytes at %d of %v: %d, %v", len(b), h.pos, h, n, err)
	if err := h.gave("Read", b, h.pos, n, err); err != nil {
		return err
	}
	h.pos += int64(n)
	return nil
}

func (w *world) readByte(h *handle) error {
	b, n := w.room(1), 0
	var err error
	if wrong := w.a.do(func() { b[0], err = h.reader.ReadByte() }); wrong != nil {
		return wrong
	}
	w.note("ReadByte at %d of %v: %v", h.pos, h, err)
	if err == nil {
		n = 1
	}
	if err := h.gave("ReadByte", b, h.pos, n, err); err != nil {
		return err
	}
	h.pos += int64(n)
	return nil
}

// seek goes anywhere, which works on a closed handle as well.
func (w *world) seek(h *handle) error {
	whence, to := w.Below(3), w.Near(h.n, model.Page)
	offset := to - []int64{0, h.pos, h.n}[whence]
	pos, err := h.reader.Seek(offset, whence)
	w.note("Seek to %d of %v: %d, %v", to, h, pos, err)
	want := class.Set(0)
	if to < 0 {
		want, to = class.Invalid, h.pos
	}
	if pos != to {
		return fmt.Errorf("%v: Seek by %d, %d: at %d, want %d", h, offset, whence, pos, to)
	}
	h.pos = to
	return class.Want(err, want, "%v: Seek by %d, %d", h, offset, whence)
}

// writeTo writes the rest of a Reader's data to memory.
func (w *world) writeTo(h *handle) error {
	var out bytes.Buffer
	return w.wroteTo(h, &out, func() ([]byte, error) { return out.Bytes(), nil })
}

// writeToFile lets the kernel take the data from the map.
func (w *world) writeToFile(h *handle) error {
	if err := w.sink.Truncate(0); err != nil {
		return err
	}
	if _, err := w.sink.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return w.wroteTo(h, w.sink, func() ([]byte, error) {
		b := make([]byte, h.n+1)
		n, err := w.sink.ReadAt(b, 0)
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return b[:n], err
	})
}

func (w *world) wroteTo(h *handle, out io.Writer, written func() ([]byte, error)) error {
	var n int64
	var err error
	if wrong := w.a.do(func() { n, err = h.reader.WriteTo(out) }); wrong != nil {
		return wrong
	}
	w.note("WriteTo of a %T from %d of %v: %d, %v", out, h.pos, h, n, err)
	got, readErr := written()
	if readErr != nil || n != int64(len(got)) {
		return fmt.Errorf("%v: WriteTo of a %T: %d bytes, it has got %d: %w", h, out, n, len(got), readErr)
	}
	from := min(h.pos, h.n)
	h.pos += n
	if h.closed {
		return class.Want(err, class.Closed, "%v: WriteTo", h)
	}
	if _, faults := h.expected(from, h.n); !faults {
		return h.judge("WriteTo", got, err, from, h.n)
	}
	// What was written before the fault is right, however much it is.
	return errors.Join(h.faulted("WriteTo", err, from, h.n), h.judge("WriteTo before a fault", got, nil, from, from+n))
}

// takeBytes takes the raw slice, and looks at it where that does no harm.
func (w *world) takeBytes(h *handle) error {
	var raw []byte
	if wrong := w.a.do(func() { raw = h.d.Bytes() }); wrong != nil {
		return wrong
	}
	w.note("Bytes of %v: %d", h, len(raw))
	if h.closed {
		if raw != nil {
			return fmt.Errorf("%v: Bytes of a closed handle", h)
		}
		return nil
	}
	h.raw = raw
	if int64(len(raw)) != h.n || cap(raw) != len(raw) {
		return fmt.Errorf("%v: Bytes has %d, of capacity %d", h, len(raw), cap(raw))
	}
	if _, faults := h.expected(0, h.n); faults {
		return nil
	}
	return h.judge("Bytes", raw, nil, 0, h.n)
}

// changed compares Changed with what the kernel says of the file.
func (w *world) changed(h *handle) error {
	var got bool
	var err error
	if wrong := w.a.do(func() { got, err = h.d.Changed() }); wrong != nil {
		return wrong
	}
	w.note("Changed of %v: %v, %v", h, got, err)
	if h.closed {
		return class.Want(err, class.Closed, "%v: Changed", h)
	}
	want := false
	if h.flocked || h.leased {
		now, err := h.ino.stamp()
		if err != nil {
			return err
		}
		want = now != h.opened
	}
	if got != want || err != nil {
		return fmt.Errorf("%v: Changed is %v, want %v: %w", h, got, want, err)
	}
	return nil
}

// describe asks for what never changes.
func (w *world) describe(h *handle) error {
	if h.d.Size() != h.n || int64(h.d.Len()) != h.n || h.d.Backing() != mmapguard.Mapped {
		return fmt.Errorf("%v: Size %d, Len %d, %v, want %d", h, h.d.Size(), h.d.Len(), h.d.Backing(), h.n)
	}
	return nil
}
