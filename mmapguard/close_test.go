package mmapguard_test

import (
	"errors"
	"io"
	"io/fs"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

// wantClosed checks what every method says after Close.
func wantClosed(t *testing.T, d *mmapguard.FileData) {
	t.Helper()
	called := false
	fn := func([]byte) error { called = true; return nil }
	_, readErr := d.ReadAt(make([]byte, 1), 0)
	_, emptyErr := d.ReadAt(nil, 0)
	_, writeErr := d.WriteTo(io.Discard)
	_, changedErr := d.Changed()
	_, readerErr := d.NewReader().Read(make([]byte, 1))
	_, byteErr := d.NewReader().ReadByte()
	for what, err := range map[string]error{
		"ReadAt": readErr, "ReadAt of nothing": emptyErr, "WriteTo": writeErr, "Changed": changedErr, "Reader": readerErr,
		"ReadByte": byteErr, "View": d.View(fn), "ViewRange": d.ViewRange(0, 0, fn), "Close": d.Close(),
	} {
		if !errors.Is(err, mmapguard.ErrClosed) || !errors.Is(err, fs.ErrClosed) {
			t.Errorf("%s after Close: %v, want ErrClosed", what, err)
		}
	}
	if called {
		t.Error("a closed handle lent bytes")
	}
	if b := d.Bytes(); b != nil {
		t.Errorf("a closed handle has %d bytes", len(b))
	}
}

func TestClose(t *testing.T) {
	path := newFile(t, page)
	d := mapFile(t, path)
	closeOK(t, d)
	wantErr(t, d.Close(), mmapguard.ErrClosed, path)
	wantClosed(t, d)
}

func TestCloseByManyIsNilOnce(t *testing.T) {
	path := newFile(t, page)
	for range 200 {
		d := mapFile(t, path)
		var closers sync.WaitGroup
		var closed atomic.Int32
		for range 8 {
			closers.Go(func() {
				switch err := d.Close(); {
				case err == nil:
					closed.Add(1)
				case !errors.Is(err, mmapguard.ErrClosed):
					t.Error(err)
				}
			})
		}
		closers.Wait()
		if n := closed.Load(); n != 1 {
			t.Fatalf("%d of the Closes returned nil", n)
		}
	}
}

func TestCloseDuringViewsWaitsForTheLast(t *testing.T) {
	path := newFile(t, page)
	d := mapFile(t, path)
	inside, leave := make(chan struct{}), make(chan struct{})
	var views sync.WaitGroup
	for range 3 {
		views.Go(func() {
			err := d.View(func(b []byte) error {
				inside <- struct{}{}
				<-leave
				if b[0] != 1 {
					t.Error("wrong byte after a Close")
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	for range 3 {
		<-inside
	}
	closeOK(t, d) // does not wait
	wantClosed(t, d)
	for range 2 {
		leave <- struct{}{}
	}
	if !lockedByUs(t, path) {
		t.Error("released before the last View was over")
	}
	close(leave)
	views.Wait()
	if lockedByUs(t, path) {
		t.Error("not released after the last View")
	}
	wantClosed(t, d)
}

func TestCloseFromInsideNestedViews(t *testing.T) {
	path := newFile(t, page)
	d := mapFile(t, path)
	err := d.View(func(outer []byte) error {
		err := d.ViewRange(8, 8, func(inner []byte) error {
			closeOK(t, d)
			if inner[0] != 1 || mmapguard.Views(d) != 2 {
				t.Errorf("byte %d, %d views", inner[0], mmapguard.Views(d))
			}
			return nil
		})
		if outer[8] != 1 || !lockedByUs(t, path) {
			t.Error("released under the outer View")
		}
		if err := d.View(func([]byte) error { return nil }); !errors.Is(err, mmapguard.ErrClosed) {
			t.Errorf("a new View after Close: %v", err)
		}
		return err
	})
	if err != nil || lockedByUs(t, path) {
		t.Errorf("after the outer View: %v, locked %v", err, lockedByUs(t, path))
	}
}

func TestCloseDuringWriteTo(t *testing.T) {
	d := mapFile(t, newFile(t, 1<<20))
	chunks := 0
	n, err := d.WriteTo(writerFunc(func(b []byte) (int, error) {
		if chunks++; chunks == 2 {
			closeOK(t, d)
		}
		return len(b), nil
	}))
	if chunks != 2 || n <= 0 || n >= 1<<20 || !errors.Is(err, mmapguard.ErrClosed) {
		t.Errorf("WriteTo ended after %d chunks with %d bytes, %v", chunks, n, err)
	}
}

func TestRevoked(t *testing.T) {
	d := mapFile(t, newFile(t, page))
	mmapguard.MarkRevoked(d)
	_, readErr := d.ReadAt(make([]byte, 1), 0)
	_, writeErr := d.WriteTo(io.Discard)
	_, changedErr := d.Changed()
	for what, err := range map[string]error{
		"ReadAt": readErr, "WriteTo": writeErr, "Changed": changedErr, "View": d.View(func([]byte) error { return nil }),
	} {
		if !errors.Is(err, mmapguard.ErrRevoked) || errors.Is(err, mmapguard.ErrClosed) {
			t.Errorf("%s of a revoked handle: %v, want ErrRevoked", what, err)
		}
	}
	if d.Bytes() != nil {
		t.Error("a revoked handle has bytes")
	}
	closeOK(t, d)
	wantClosed(t, d)
}

func TestRevokedDuringAView(t *testing.T) {
	d := mapFile(t, newFile(t, page))
	err := d.View(func([]byte) error { mmapguard.MarkRevoked(d); return nil })
	if err != nil {
		t.Errorf("a View that met no fault: %v", err)
	}
}
