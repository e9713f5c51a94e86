package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime"
	"sync"

	"github.com/mmapguard/go/mmapguard"
)

// SR-2: no use after unmap.
var sr2 = []Case{
	{
		ID:      "SR-2/every-method-after-close",
		Promise: "After Close every method answers ErrClosed, also the second Close, and Bytes is nil.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(everyMethodAfterClose),
	},
	{
		ID:      "SR-2/stale-slice-faults",
		Promise: "A slice that is used after Close faults.",
		Applies: Applies{Mechanisms: each, Needs: Files | Faults},
		Run:     judge(staleSliceFaults),
	},
	{
		ID:      "SR-2/stale-slice-shows-no-other-file",
		Promise: "A slice that is used after Close does not show a file that was mapped later.",
		Applies: Applies{Mechanisms: each, Needs: Files | Faults},
		Run:     judge(staleSliceShowsNoOtherFile),
	},
	{
		ID:      "SR-2/close-waits-for-views",
		Promise: "Close during a View leaves its bytes alone until the View is over, and lets nobody else in.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(closeWaitsForViews),
	},
	{
		ID:      "SR-2/close-during-reads",
		Promise: "A read beside a Close gives the right bytes or ErrClosed, nothing else.",
		Applies: Applies{Mechanisms: each, Needs: Files | Faults},
		Run:     judge(closeDuringReads),
	},
}

func everyMethodAfterClose(e *Env) {
	d := e.mapFile(e.file("f", before(some())))
	r := d.NewReader()
	e.close(d)
	buf := make([]byte, 1)
	calls := map[string]func() error{
		"ReadAt":    func() error { _, err := d.ReadAt(buf, 0); return err },
		"View":      func() error { return d.View(e.neverCalled) },
		"ViewRange": func() error { return d.ViewRange(0, 1, e.neverCalled) },
		"WriteTo":   func() error { _, err := d.WriteTo(io.Discard); return err },
		"Changed":   func() error { _, err := d.Changed(); return err },
		"Read":      func() error { _, err := r.Read(buf); return err },
		"ReadByte":  func() error { _, err := r.ReadByte(); return err },
		"Close":     d.Close,
	}
	for name, call := range calls {
		err := call()
		e.wantPathError(err, mmapguard.ErrClosed, name)
		e.wantError(err, fs.ErrClosed, name)
	}
	e.check(d.Bytes() == nil, "Bytes is not nil")
	e.check(d.Len() == some(), "Len is %d, want %d as before", d.Len(), some())
}

func (e *Env) neverCalled([]byte) error {
	e.broken("the callback was called")
	return nil
}

func staleSliceFaults(e *Env) {
	d := e.mapFile(e.file("f", before(some())))
	stale := d.Bytes()
	e.close(d)
	e.faults(stale)
}

// faults checks that nothing of a slice can be read.
func (e *Env) faults(stale []byte) {
	for _, i := range []int{0, len(stale) / 2, len(stale) - 1} {
		if got, fault := touch(stale, i); fault == nil {
			e.broken("byte %d of a closed mapping reads as %#x", i, got)
		}
	}
}

func staleSliceShowsNoOtherFile(e *Env) {
	d := e.mapFile(e.file("f", before(some())))
	stale := d.Bytes()
	other := e.file("other", after(some()))
	e.close(d)
	// A range that was free would go to one of these: they are as large as it.
	for range 40 {
		defer e.close(e.mapFile(other))
	}
	e.faults(stale)
}

func closeWaitsForViews(e *Env) {
	want := before(some())
	d := e.mapFile(e.file("f", want))
	err := d.View(func(b []byte) error {
		e.close(d)
		e.wantPathError(d.View(e.neverCalled), mmapguard.ErrClosed, "a second View")
		_, err := d.ReadAt(make([]byte, 1), 0)
		e.wantPathError(err, mmapguard.ErrClosed, "ReadAt")
		e.same(bytes.Clone(b), want, "in the View, after Close")
		return nil
	})
	e.must(err, "View")
}

const closeRounds = 25

func closeDuringReads(e *Env) {
	// More threads than processors: readers stand still in the middle of a read.
	runtime.GOMAXPROCS(2 * runtime.NumCPU())
	want := before(some())
	path := e.file("f", want)
	for range closeRounds {
		d := e.mapFile(path)
		var wg sync.WaitGroup
		failures := make(chan error, 3)
		begun := make(chan struct{}, 3)
		for range cap(failures) {
			wg.Go(func() { failures <- readUntilClosed(d, want, begun) })
		}
		for range cap(failures) {
			<-begun
		}
		e.close(d)
		wg.Wait()
		for range cap(failures) {
			if err := <-failures; err != nil {
				e.broken("%v", err)
			}
		}
	}
}

// readUntilClosed reads until it learns that the handle is closed.
func readUntilClosed(d *mmapguard.FileData, want []byte, begun chan<- struct{}) error {
	buf := make([]byte, len(want))
	for first := true; ; first = false {
		n, err := d.ReadAt(buf, 0)
		if first {
			begun <- struct{}{}
		}
		switch {
		case errors.Is(err, mmapguard.ErrClosed) && n == 0:
			return nil
		case err != nil || n != len(want):
			return fmt.Errorf("%d bytes and %w", n, err)
		case !bytes.Equal(buf, want):
			return errors.New(difference(buf, want))
		}
	}
}
