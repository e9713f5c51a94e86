package property

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"weak"

	"pgregory.net/rapid"

	"github.com/mmapguard/go/mmapguard"
)

const maxHandles = 6

// open makes a random request, and compares what it comes to with what the
// model predicts: the mechanism, or the exact set of errors.
func (w *world) open(t *rapid.T) {
	if len(w.handles) >= maxHandles {
		t.Skip("enough handles")
	}
	target, size := w.current, int64(0)
	if target != nil {
		size = target.size()
	} else if !oneIn(t, 4, "open nothing") {
		t.Skip("no file")
	}
	r := drawRequest(t, size)
	if r.via == viaFile {
		target = w.inodes[rapid.IntRange(0, len(w.inodes)-1).Draw(t, "inode")]
	}
	want := w.predict(r, target)
	if want.slow && !oneIn(t, 40, "patience") {
		t.Skip("a writer is there and will not go")
	}
	d, err := w.perform(t, r, target)
	if len(want.refused) > 0 {
		w.refuse(t, r, want, d, err)
		return
	}
	if err != nil {
		t.Fatalf("%+v of %d bytes: %v, want %s", r, target.size(), err, want.mechanism)
	}
	w.adopt(t, r, target, d, want)
}

func (w *world) predict(r *request, target *inode) outcome {
	if target == nil {
		return outcome{refused: errs(fs.ErrNotExist)}
	}
	q := query{request: r, inode: target, fs: w.fs}
	return q.predict()
}

// perform makes the request, through a descriptor if it asks for one.
func (w *world) perform(t *rapid.T, r *request, target *inode) (*mmapguard.FileData, error) {
	switch r.via {
	case viaFile:
		return r.open(w.path, target.ref)
	case viaWritable:
		if target == nil {
			t.Skip("no file")
		}
		f, err := os.OpenFile(w.path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		w.breakLeases(target)
		d, err := r.open(w.path, f)
		if closeErr := f.Close(); closeErr != nil {
			t.Fatal(closeErr)
		}
		return d, err
	}
	return r.open(w.path, nil)
}

func (w *world) refuse(t *rapid.T, r *request, want outcome, d *mmapguard.FileData, err error) {
	if err == nil {
		t.Fatalf("%+v: it came to %s, want an error: %v", r, d.Mechanism(), errors.Join(slices.Collect(maps.Keys(want.refused))...))
	}
	got := classesOf(err)
	if !maps.Equal(got, want.refused) {
		t.Fatalf("%+v: %v, which is %v, want %v", r, err, slices.Collect(maps.Keys(got)), slices.Collect(maps.Keys(want.refused)))
	}
	var path *fs.PathError
	if !errors.As(err, &path) {
		t.Fatalf("%v is no *fs.PathError", err)
	}
	for class := range got {
		w.stats.refused[class.Error()]++
	}
}

// adopt takes a handle into the model, after a look at what it says of itself.
func (w *world) adopt(t *rapid.T, r *request, i *inode, d *mmapguard.FileData, want outcome) {
	h := &handle{inode: i, d: d, request: r, opened: i.stamp(t), reader: d.NewReader()}
	h.off, h.n = r.span(i.size())
	w.handles = append(w.handles, h)
	w.seen = append(w.seen, weak.Make(d))
	w.stats.opened[want.mechanism.String()]++
	if d.Mechanism() != want.mechanism || d.Guarantee() != want.guarantee {
		t.Fatalf("%+v: %s, %v, want %s, %v", r, d.Mechanism(), d.Guarantee(), want.mechanism, want.guarantee)
	}
	if d.Size() != h.n || d.Len() != int(h.n) || d.Backing() != mmapguard.Mapped {
		t.Fatalf("%v: size %d, length %d, %v", h, d.Size(), d.Len(), d.Backing())
	}
	switch want.mechanism {
	case mmapguard.MechanismFlock:
		i.flocked++
		return
	case mmapguard.MechanismLease:
		h.leased = true
	}
	h.want = slices.Clone(i.content[h.off : h.off+h.n])
}

// handle draws one of the open handles.
func (w *world) handle(t *rapid.T) *handle {
	if len(w.handles) == 0 {
		t.Skip("no handle")
	}
	return w.handles[rapid.IntRange(0, len(w.handles)-1).Draw(t, "handle")]
}

// forget takes a handle out of the model.
func (w *world) forget(h *handle) {
	w.handles = slices.DeleteFunc(w.handles, func(other *handle) bool { return other == h })
	if h.d.Mechanism() == mmapguard.MechanismFlock {
		h.flocked--
	}
}

// closeHandle closes a handle: the first time without an error, the second time
// with one, and nothing can be had of it afterwards.
func (w *world) closeHandle(t *rapid.T) {
	h := w.handle(t)
	if err := h.d.Close(); err != nil {
		t.Fatalf("%v: close: %v", h, err)
	}
	w.forget(h)
	if err := h.closed(); err != nil {
		t.Fatalf("%v: after Close: %v", h, err)
	}
}

// closed checks that all a closed handle says is ErrClosed, and that a slice
// into it faults.
func (h *handle) closed() error {
	_, readErr := h.d.ReadAt(make([]byte, 1), 0)
	_, readerErr := h.reader.Read(make([]byte, 1))
	_, changedErr := h.d.Changed()
	called := func([]byte) error { return errors.New("the callback was called") }
	for what, err := range map[string]error{
		"Close": h.d.Close(), "ReadAt": readErr, "Reader": readerErr, "Changed": changedErr, "View": h.d.View(called),
	} {
		if !maps.Equal(classesOf(err), errs(mmapguard.ErrClosed)) {
			if h.pos < h.n || what != "Reader" {
				return fmt.Errorf("%s: %w, want ErrClosed", what, err)
			}
		}
	}
	if h.d.Bytes() != nil {
		return errors.New("Bytes is not nil")
	}
	if h.raw != nil && h.want != nil {
		if faulted, err := h.readRaw(h.raw); !faulted {
			return fmt.Errorf("the raw slice does not fault: %w", err)
		}
	}
	return nil
}
