package property

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/mmapguard/go/mmapguard"
)

// handle is an open handle and what the model knows about it.
type handle struct {
	*inode
	d       *mmapguard.FileData
	request *request
	off, n  int64  // of the data in the file
	want    []byte // the bytes at open; of a Cooperative handle, which shares the file, nil
	leased  bool   // the bytes still are the file's
	opened  stamp
	raw     []byte
	reader  *mmapguard.Reader
	pos     int64
}

// stamp is what Changed looks at.
type stamp struct{ size, mtime, ctime int64 }

func (i *inode) stamp(t *rapid.T) stamp {
	var st unix.Stat_t
	if err := unix.Fstat(int(i.ref.Fd()), &st); err != nil {
		t.Fatal(err)
	}
	return stamp{st.Size, st.Mtim.Nano(), st.Ctim.Nano()}
}

// expected is the data [from, to), or that looking at it faults.
func (h *handle) expected(from, to int64) (b []byte, faults bool) {
	if h.want != nil {
		return h.want[from:to], false
	}
	return h.visible(h.off+from, h.off+to)
}

func (h *handle) String() string {
	return fmt.Sprintf("handle by %s of %d bytes at %d", h.d.Mechanism(), h.n, h.off)
}

// fault checks the error for data [from, to) that cannot be read any more: it
// must be about a page that the file does not have.
func (h *handle) fault(err error, from, to int64) error {
	var fault *mmapguard.FaultError
	if !errors.As(err, &fault) {
		return fmt.Errorf("%v: %w, want a *FaultError for [%d, %d)", h, err, from, to)
	}
	if at := fault.Offset; at < from || at >= to || (h.off+at)/page*page < h.size() {
		return fmt.Errorf("%v: %w: reported at %d of [%d, %d) in a file of %d bytes", h, err, at, from, to, h.size())
	}
	return nil
}

// check compares the data [from, to), as read in one go, with the model.
func (h *handle) check(from, to int64) error {
	got := make([]byte, to-from)
	n, err := h.d.ReadAt(got, from)
	return h.judge(got[:n], err, from, to)
}

// judge compares what a read of the data [from, to) returned with the model.
// An io.EOF at the end of the data is none of its business.
func (h *handle) judge(got []byte, err error, from, to int64) error {
	want, faults := h.expected(from, to)
	switch {
	case from == to: // of nothing, also where there is nothing
	case faults && len(got) > 0:
		return fmt.Errorf("%v: %d bytes of [%d, %d) with %w", h, len(got), from, to, err)
	case faults:
		return h.fault(err, from, to)
	case err != nil && err != io.EOF:
		return fmt.Errorf("%v: reading [%d, %d): %w", h, from, to, err)
	}
	return h.equal(got, want, from)
}

// equal compares bytes from the given offset of the data.
func (h *handle) equal(got, want []byte, from int64) error {
	if bytes.Equal(got, want) {
		return nil
	}
	if len(got) != len(want) {
		return fmt.Errorf("%v: %d bytes from offset %d, want %d", h, len(got), from, len(want))
	}
	at := 0
	for got[at] == want[at] {
		at++
	}
	return fmt.Errorf("%v: offset %d reads %#x, want %#x", h, from+int64(at), got[at], want[at])
}

// readRaw compares a raw slice with what it should hold. Faults are caught here
// for the test's sake.
func (h *handle) readRaw(raw []byte) (faulted bool, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(interface{ Addr() uintptr }); !ok {
				panic(p)
			}
			faulted = true
		}
	}()
	return false, h.equal(raw, h.want, 0)
}

// readers are goroutines that read until they are told to end.
type readers struct {
	stop  atomic.Bool
	wrong atomic.Pointer[string]
	wg    sync.WaitGroup
}

func (r *readers) start(read func() error) {
	r.wg.Go(func() {
		for !r.stop.Load() {
			if err := read(); err != nil {
				text := err.Error()
				r.wrong.Store(&text)
				return
			}
		}
	})
}

// end stops the readers and says what was wrong.
func (r *readers) end() string {
	r.stop.Store(true)
	r.wg.Wait()
	if wrong := r.wrong.Load(); wrong != nil {
		return *wrong
	}
	return ""
}

// readLeased reads all handles that hold a lease on a file, in every way.
func (w *world) readLeased(i *inode) *readers {
	r := &readers{}
	for _, h := range w.handles {
		if h.leased && h.inode == i {
			r.start(h.readEveryWay)
		}
	}
	return r
}

func (h *handle) readEveryWay() error {
	if err := h.check(0, h.n); err != nil {
		return err
	}
	if h.raw != nil {
		if faulted, err := h.readRaw(h.raw); faulted || err != nil {
			return fmt.Errorf("the raw slice faulted: %v: %w", faulted, err)
		}
	}
	return h.d.View(func(b []byte) error { return h.equal(b, h.want, 0) })
}
