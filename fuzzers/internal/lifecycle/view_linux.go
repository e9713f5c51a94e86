package lifecycle

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/mmapguard/go/fuzzers/internal/class"
	"github.com/mmapguard/go/fuzzers/internal/model"
	"github.com/mmapguard/go/mmapguard"
)

// The operations on views.

// view enters a view of a part, or of all, at the top of the actor's stack.
func (w *world) view(h *handle) error {
	f := frame{h: h, to: h.n}
	whole := w.Bool()
	if !whole {
		f.from = w.Near(h.n, model.Page)
		f.to = f.from + w.Near(h.n, model.Page)
	}
	depth := len(w.a.frames)
	if wrong := w.a.do(func() { w.a.view(f, whole) }); wrong != nil {
		return wrong
	}
	w.note("view of [%d, %d) of %v: %v", f.from, f.to, h, w.a.ended)
	want := class.Set(0)
	switch {
	case f.from < 0 || f.from > f.to || f.to > h.n:
		want = class.Invalid
	case h.closed:
		want = class.Closed
	default:
		return w.entered(h, depth)
	}
	if len(w.a.ended) != 1 || w.a.ended[0].entered || len(w.a.frames) != depth {
		return fmt.Errorf("%v: a view of [%d, %d) was entered, want %v", h, f.from, f.to, want)
	}
	return class.Want(w.a.ended[0].err, want, "%v: view of [%d, %d)", h, f.from, f.to)
}

// entered notes a view that runs, and looks at what was lent.
func (w *world) entered(h *handle, depth int) error {
	if len(w.a.frames) != depth+1 {
		return fmt.Errorf("%v: the view was not entered: %v", h, w.a.ended)
	}
	h.views++
	f := w.a.frames[depth]
	if int64(len(f.b)) != f.to-f.from || cap(f.b) != len(f.b) {
		return fmt.Errorf("%v: %d bytes lent of [%d, %d), of capacity %d", h, len(f.b), f.from, f.to, cap(f.b))
	}
	return nil
}

// endView leaves the innermost view in one of several ways: by a return, or by
// what goes through all views.
func (w *world) endView(how int) error {
	depth := len(w.a.frames)
	if depth == 0 {
		return nil
	}
	a := w.a
	switch how {
	case 0:
		return w.endBy(func() { a.returns(nil) }, depth-1, 0, nil)
	case 1:
		return w.endBy(func() { a.returns(errCallback) }, depth-1, class.Other, errCallback)
	case 2:
		return w.unwind(a.panics, func() bool { return a.panicked == errPanic })
	case 3:
		return w.unwind(a.exits, func() bool { return a.exited })
	default:
		return w.unwind(a.derefs, func() bool { return isNilUse(a.panicked) })
	}
}

func isNilUse(panicked any) bool {
	err, ok := panicked.(runtime.Error)
	return ok && err.Error() == "runtime error: invalid memory address or nil pointer dereference"
}

func (w *world) leaveView() error { return w.endView(w.Below(2)) }

// abandonViews ends all views of the actor at once.
func (w *world) abandonViews() error { return w.endView(2 + w.Below(3)) }

// endBy does what ends the views above a depth, and checks what the last of
// them came to; the error is compared too, if there is one.
func (w *world) endBy(cmd func(), depth int, want class.Set, exactly error) error {
	ending := w.popped(depth)
	if wrong := w.a.do(cmd); wrong != nil {
		return wrong
	}
	w.note("%d views end: %v", len(ending), w.a.ended)
	if len(w.a.frames) != depth || len(w.a.ended) != 1 {
		return fmt.Errorf("%d views are left, and %v ended; want %d left", len(w.a.frames), w.a.ended, depth)
	}
	err := w.a.ended[0].err
	if exactly != nil && err != exactly {
		return fmt.Errorf("view: %w, want the callback's own error", err)
	}
	if exactly == nil {
		if err := class.Want(err, want, "the view of %v", w.a.ended[0].h); err != nil {
			return err
		}
	}
	return w.left(ending)
}

// unwind does what goes through all views of the actor.
func (w *world) unwind(cmd func(), came func() bool) error {
	ending := w.popped(0)
	if wrong := w.a.do(cmd); wrong != nil {
		return wrong
	}
	w.note("%d views are gone through: %v, exited %v", len(ending), w.a.panicked, w.a.exited)
	if !came() || len(w.a.ended) > 0 {
		return fmt.Errorf("through %d views came %v (exited: %v), and %v ended", len(ending), w.a.panicked, w.a.exited, w.a.ended)
	}
	return w.left(ending)
}

// popped are the handles of the views above a depth.
func (w *world) popped(depth int) []*handle {
	var list []*handle
	for _, f := range w.a.frames[depth:] {
		list = append(list, f.h)
	}
	return list
}

// left notes views that ended; the last one out releases a closed handle.
func (w *world) left(list []*handle) error {
	for _, h := range list {
		h.views--
		if h.released() {
			if err := w.released(h); err != nil {
				return err
			}
		}
	}
	return nil
}

// frame is one of the actor's running views that have bytes, with an offset in
// its handle's data.
func (w *world) frame() (f frame, at int64, ok bool) {
	if len(w.a.frames) == 0 {
		return f, 0, false
	}
	f = w.a.frames[w.Below(len(w.a.frames))]
	if f.from == f.to {
		return f, 0, false
	}
	at = min(max(f.from+w.Near(f.to-f.from, model.Page), f.from), f.to-1)
	return f, at, true
}

// touch reads a byte of any running view, the innermost or one around it.
func (w *world) touch() error {
	f, at, ok := w.frame()
	if !ok {
		return nil
	}
	got := byte(0)
	cmd := func() { got = f.b[at-f.from] }
	want, faults := f.h.expected(at, at+1)
	if faults {
		return w.fault(f, at, cmd)
	}
	if wrong := w.a.do(cmd); wrong != nil {
		return wrong
	}
	w.note("byte %d of a view of %v", at, f.h)
	if len(w.a.ended) > 0 || w.a.panicked != nil {
		return fmt.Errorf("%v: reading byte %d in a view ended %v, %v", f.h, at, w.a.ended, w.a.panicked)
	}
	if got != want[0] {
		return fmt.Errorf("%v: byte %d in a view is %#x, want %#x", f.h, at, got, want[0])
	}
	return nil
}

// scribble writes to what was lent, which no handle allows.
func (w *world) scribble() error {
	f, at, ok := w.frame()
	if !ok {
		return nil
	}
	return w.fault(f, at, func() { f.b[at-f.from]++ })
}

// fault does what faults in a view's bytes: the innermost view ends that lends
// the page.
func (w *world) fault(f frame, at int64, cmd func()) error {
	depth := len(w.a.frames) - 1
	for !w.a.frames[depth].lends(f.h, at) {
		depth--
	}
	if err := w.endBy(cmd, depth, class.Fault, nil); err != nil {
		return err
	}
	var fault *mmapguard.FaultError
	if !errors.As(w.a.ended[0].err, &fault) || fault.Op != "view" || f.h.page(fault.Offset) != f.h.page(at) {
		return fmt.Errorf("%v: a fault at %d is told as %+v", f.h, at, fault)
	}
	return nil
}

// lends tells whether a view lends the page with the handle's byte at the given
// offset: a fault is told apart by page.
func (f frame) lends(h *handle, at int64) bool {
	return f.h == h && f.from < f.to && h.page(f.from) <= h.page(at) && h.page(at) <= h.page(f.to-1)
}

func (h *handle) page(at int64) int64 { return (h.delta + at) / model.Page }
