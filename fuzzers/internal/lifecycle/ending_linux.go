package lifecycle

import (
	"fmt"
	"runtime"
	"slices"
	"time"
	"weak"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/fuzzers/internal/class"
	"github.com/mmapguard/go/fuzzers/internal/leaks"
	"github.com/mmapguard/go/mmapguard"
)

// The operations that end a handle.

// close closes a handle, from wherever the actor is; also a second time.
func (w *world) close(h *handle) error {
	want := class.Set(0)
	if h.closed {
		want = class.Closed
	}
	var err error
	if wrong := w.a.do(func() { err = h.d.Close() }); wrong != nil {
		return wrong
	}
	w.note("Close of %v: %v", h, err)
	if err := class.Want(err, want, "%v: Close", h); err != nil {
		return err
	}
	if h.closed {
		return nil
	}
	h.closed = true
	if h.released() {
		return w.released(h)
	}
	return nil
}

// released notes that a handle is gone.
func (w *world) released(h *handle) error {
	w.forgo(h)
	return h.dead()
}

// forgo notes that a handle holds the file no longer.
func (w *world) forgo(h *handle) {
	h.leased = false
	if h.flocked {
		h.flocked = false
		h.ino.flocked--
	}
}

// patience is how long a dropped handle may take to be released.
const patience = 10 * time.Second

// collect drops a handle without closing it, and lets the collector run. One
// whose Bytes were taken stays; any other is released. A collection takes as
// long as several sequences, so there is one of them in each at most, and only a
// few of the bytes that may follow mean it.
func (w *world) collect(h *handle) error {
	if w.Byte()%16 != 'c'%16 || h.closed || h.views > 0 || w.collected {
		return nil
	}
	w.collected = true
	w.note("%v is dropped, pinned: %v", h, h.raw != nil)
	p := weak.Make(h.d)
	h.d, h.reader, h.pos = nil, nil, 0
	if h.raw != nil {
		return w.stayed(h, p)
	}
	w.handles = slices.DeleteFunc(w.handles, func(o *handle) bool { return o == h })
	w.forgo(h)
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Microsecond) {
		runtime.GC()
		left := w.remains(h, p)
		switch {
		case left == "":
			return nil
		case time.Now().After(deadline):
			return fmt.Errorf("of a dropped handle on %d bytes from %d there is still %s", h.n, h.off, left)
		}
	}
}

// remains says what is left of a dropped handle.
func (w *world) remains(h *handle, p weak.Pointer[mmapguard.FileData]) string {
	switch {
	case p.Value() != nil:
		return "the handle"
	case !faults(h.stale):
		return "its memory"
	}
	want := h.ino.flocked
	for _, other := range w.handles {
		if other.ino == h.ino && other.leased {
			want++
		}
	}
	now, err := h.ino.held()
	if err != nil {
		return err.Error()
	}
	if now > want {
		return fmt.Sprintf("a lock or a lease (%d, want %d)", now, want)
	}
	return ""
}

// held counts the locks and leases of this process on the file.
func (i *inode) held() (int, error) {
	var st unix.Stat_t
	if i.ref < 0 {
		return 0, nil // the other process has it alone
	}
	if err := unix.Fstat(i.ref, &st); err != nil {
		return 0, err
	}
	return leaks.Held(st.Ino)
}

// stayed checks that a pinned handle outlives its last reference, and takes it
// up again.
func (w *world) stayed(h *handle, p weak.Pointer[mmapguard.FileData]) error {
	runtime.GC()
	if h.d = p.Value(); h.d == nil {
		return fmt.Errorf("a handle was collected although its Bytes were taken")
	}
	h.reader = h.d.NewReader()
	return h.readAll(w.room(h.n))
}
