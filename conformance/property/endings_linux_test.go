package property

import (
	"fmt"
	"runtime"
	"time"

	"pgregory.net/rapid"
)

// The ways in which a handle ends, other than a plain Close.

// closeInView closes a handle that is being looked at: the bytes stay until the
// view ends.
func (w *world) closeInView(t *rapid.T) {
	h := w.handle(t)
	want, faults := h.expected(0, h.n)
	if faults {
		t.Skip("the file does not have the bytes any more")
	}
	w.good(t, h.d.View(func(b []byte) error {
		if err := h.d.Close(); err != nil {
			return err
		}
		return h.equal(b, want, 0)
	}))
	w.forget(h)
	if err := h.closed(); err != nil {
		t.Fatalf("%v: closed in a view: %v", h, err)
	}
}

// closeDuringBreak closes a handle while a writer waits for its lease to end. A
// raw slice shows the old bytes or faults, and at no moment what the writer
// does.
func (w *world) closeDuringBreak(t *rapid.T) {
	h := w.leasedHandle(t)
	o := order{Op: "write", Path: w.path, N: h.size(), Seed: drawSeed(t)}
	if rapid.Bool().Draw(t, "truncate") {
		o = order{Op: "truncate", Path: w.path}
	}
	delay := time.Duration(rapid.IntRange(0, 400).Draw(t, "µs")) * time.Microsecond
	raw := h.d.Bytes()
	r := &readers{}
	for range 4 { // more than there are processors: Close is to be interrupted, too
		r.start(func() error {
			_, err := h.readRaw(raw)
			return err
		})
	}
	w.send(t, o)
	time.Sleep(delay)
	err := h.d.Close()
	errno := w.receive(t)
	if wrong := r.end(); wrong != "" {
		t.Fatalf("closed while the other process did %+v: %s", o, wrong)
	}
	w.must(t, err == nil && errno == 0, h, "closing during a break", errno, err)
	w.forget(h)
	w.breakLeases(h.inode)
	if o.Op == "truncate" {
		h.resize(0)
	} else {
		h.put(0, pattern(o.Seed, 0, o.N))
	}
}

// leasedHandle draws a handle that holds a lease on the file of the name.
func (w *world) leasedHandle(t *rapid.T) *handle {
	var leased []*handle
	for _, h := range w.handles {
		if h.leased && h.inode == w.current {
			leased = append(leased, h)
		}
	}
	if len(leased) == 0 {
		t.Skip("no lease")
	}
	return leased[rapid.IntRange(0, len(leased)-1).Draw(t, "handle")]
}

// drop forgets a handle without closing it. Unless its Bytes were taken, the
// collector releases it; the descriptor of a lock or a lease shows when.
func (w *world) drop(t *rapid.T) {
	h := w.handle(t)
	if h.raw != nil {
		t.Skip("pinned")
	}
	w.forget(h)
	before := resourcesOf(w.outer, w.dir)
	kept := h.want == nil || h.leased // has a descriptor
	h.d, h.reader = nil, nil
	if !kept {
		runtime.GC() // the memory is looked for at the end of the sequence
		return
	}
	if err := collected(before, func() resources { return resourcesOf(w.outer, w.dir) }); err != nil {
		t.Fatal(err)
	}
}

// collected waits for the collector to close a descriptor.
func collected(before resources, now func() resources) error {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(100 * time.Microsecond) {
		runtime.GC()
		if len(now().descriptors) < len(before.descriptors) {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("a dropped handle was not released in ten seconds: %v", before.descriptors)
		}
	}
}

// collect runs the collector at any time: what is in use stays.
func (w *world) collect(*rapid.T) { runtime.GC() }
