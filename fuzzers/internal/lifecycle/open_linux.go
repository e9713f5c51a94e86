package lifecycle

import (
	"bytes"
	"fmt"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/fuzzers/internal/class"
	"github.com/mmapguard/go/fuzzers/internal/model"
	"github.com/mmapguard/go/fuzzers/internal/peer"
	"github.com/mmapguard/go/mmapguard"
)

// target is a file with a way to open it.
type target struct {
	way  string
	ino  *inode // nil if there is none
	open func(opts []mmapguard.Option) (*mmapguard.FileData, error)
}

func (w *world) target() target {
	switch w.Below(4) {
	case 1:
		return target{"MapFileIn", w.current, func(o []mmapguard.Option) (*mmapguard.FileData, error) {
			return mmapguard.MapFileIn(w.root, peer.FileName, o...)
		}}
	case 2:
		i := w.inodes[w.Below(len(w.inodes))]
		if i.ref < 0 {
			break
		}
		return target{"MapOpenFile", i, func(o []mmapguard.Option) (*mmapguard.FileData, error) { return mapOpen(i, o) }}
	case 3:
		return target{"Load", w.current, func(o []mmapguard.Option) (*mmapguard.FileData, error) {
			return mmapguard.Load(w.path, o...)
		}}
	}
	return target{"MapFile", w.current, func(o []mmapguard.Option) (*mmapguard.FileData, error) {
		return mmapguard.MapFile(w.path, o...)
	}}
}

// mapOpen gives a file away that is closed as soon as the call returns.
func mapOpen(i *inode, opts []mmapguard.Option) (*mmapguard.FileData, error) {
	fd, err := unix.FcntlInt(uintptr(i.ref), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "by descriptor")
	d, err := mmapguard.MapOpenFile(f, opts...)
	if closeErr := f.Close(); closeErr != nil {
		return nil, closeErr
	}
	return d, err
}

// file is what the model says an open will find.
func (t target) file() model.File {
	i := t.ino
	if i == nil {
		return model.File{Missing: true}
	}
	return model.File{
		Size: i.Size(), Unnamed: !i.linked, Written: i.writers > 0,
		Exclusive: i.exclusive > 0, WriteLeased: i.writeLeased,
	}
}

// open opens the file with any guarantee and any options.
func (w *world) open() error {
	t := w.target()
	size := int64(0)
	if t.ino != nil {
		size = t.ino.Size()
	}
	return w.openBy(t, model.Decode(w.Script, size))
}

// openPlain spares an input the choice: the guarantee alone.
func (w *world) openPlain() error {
	t := target{"MapFile", w.current, func(o []mmapguard.Option) (*mmapguard.FileData, error) {
		return mmapguard.MapFile(w.path, o...)
	}}
	r := model.Plain()
	r.Guarantee = mmapguard.Guarantee(w.Below(4))
	return w.openBy(t, r)
}

func (w *world) openBy(t target, r model.Request) error {
	want := model.Predict(r, t.file(), w.fs)
	if want.Slow || !w.makeRoom() {
		return nil // waiting for a writer that stays takes as long as a thousand sequences
	}
	opts := r.Options()
	var d *mmapguard.FileData
	var err error
	if wrong := w.a.do(func() { d, err = t.open(opts) }); wrong != nil {
		return wrong
	}
	w.note("%s, %v: %v", t.way, r, err)
	if err := class.Want(err, want.Refused, "%s, %v, of %+v", t.way, r, t.file()); err != nil || d == nil {
		return err
	}
	return w.opened(t, r, want, d)
}

// makeRoom forgets a handle that is gone, if there are too many.
func (w *world) makeRoom() bool {
	if len(w.handles) < maxHandles {
		return true
	}
	i := slices.IndexFunc(w.handles, (*handle).released)
	if i >= 0 {
		w.handles = slices.Delete(w.handles, i, i+1)
	}
	return i >= 0
}

// opened notes a handle, and checks what it says of itself and all its bytes.
func (w *world) opened(t target, r model.Request, want model.Outcome, d *mmapguard.FileData) error {
	from, to := r.Span(t.ino.Size())
	h := &handle{
		d: d, reader: d.NewReader(), ino: t.ino, off: from, n: to - from,
		flocked: want.Mechanism == mmapguard.MechanismFlock, leased: want.Mechanism == mmapguard.MechanismLease,
	}
	if d.Mechanism() != want.Mechanism || d.Guarantee() != want.Guarantee {
		return fmt.Errorf("%v came of %v, want %v by %v", h, r, want.Guarantee, want.Mechanism)
	}
	if d.Size() != h.n || int64(d.Len()) != h.n || d.Backing() != mmapguard.Mapped {
		return fmt.Errorf("%v: Size %d, Len %d, %v", h, d.Size(), d.Len(), d.Backing())
	}
	if h.flocked {
		t.ino.flocked++
	} else {
		h.frozen = bytes.Clone(t.ino.Content[from:to])
	}
	if h.flocked || h.leased || want.Mechanism == mmapguard.MechanismReflink {
		h.delta = from % model.Page
	}
	w.handles = append(w.handles, h)
	var err error
	if h.flocked || h.leased {
		if h.opened, err = t.ino.stamp(); err != nil {
			return err
		}
	}
	//guardvet:ignore lentescape stale slices are what is to be tried
	if err := d.View(func(b []byte) error { h.stale = b; return nil }); err != nil {
		return fmt.Errorf("%v: the first view: %w", h, err)
	}
	return h.readAll(w.room(h.n))
}
