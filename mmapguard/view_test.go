package mmapguard_test

import (
	"errors"
	"io/fs"
	"math"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

func TestViewReturnsTheCallbacksError(t *testing.T) {
	d := mapFile(t, newFile(t, page))
	want := errors.New("the callback's own")
	if got := d.View(func([]byte) error { return want }); got != want {
		t.Errorf("View returned %v", got)
	}
	if mmapguard.Views(d) != 0 {
		t.Error("the view is still counted")
	}
}

func TestViewRange(t *testing.T) {
	path := newFile(t, 2*page)
	d := mapFile(t, path, mmapguard.WithRange(100, int64(page)))
	all, size := contents(2*page, 1)[100:100+page], int64(page)
	for _, r := range [][2]int64{{0, 0}, {0, 1}, {0, size}, {1, size - 1}, {size - 1, 1}, {size, 0}, {17, 1000}} {
		called := false
		err := d.ViewRange(r[0], r[1], func(b []byte) error {
			called = true
			if string(b) != string(all[r[0]:r[0]+r[1]]) || cap(b) != len(b) {
				t.Errorf("range %v lends %d bytes with capacity %d", r, len(b), cap(b))
			}
			return nil
		})
		if err != nil || !called {
			t.Errorf("range %v: %v, called %v", r, err, called)
		}
	}
	for _, r := range [][2]int64{{-1, 1}, {0, -1}, {0, size + 1}, {size, 1}, {size + 1, 0}, {1, math.MaxInt64}, {math.MaxInt64, math.MaxInt64}, {math.MinInt64, 1}} {
		err := d.ViewRange(r[0], r[1], func([]byte) error { t.Error("called"); return nil })
		wantErr(t, err, fs.ErrInvalid, path)
	}
}

func TestViewOfLoadedBytes(t *testing.T) {
	d, err := mmapguard.LoadReader(strings.NewReader("0123456789"), 10)
	if err != nil {
		t.Fatal(err)
	}
	err = d.ViewRange(2, 3, func(b []byte) error {
		closeOK(t, d)
		if string(b) != "234" || cap(b) != 3 {
			t.Errorf("lent %q with capacity %d", b, cap(b))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	wantClosed(t, d)
}

// A panic and a Goexit count as the view's end, also when Close came before.
func TestViewThatDoesNotReturnReleasesAfterClose(t *testing.T) {
	for name, leave := range map[string]func(){"panic": func() { panic("mine") }, "Goexit": runtime.Goexit} {
		path := newFile(t, page)
		d := mapFile(t, path)
		var view sync.WaitGroup
		view.Go(func() {
			defer func() { _ = recover() }()
			_ = d.View(func([]byte) error { closeOK(t, d); leave(); return nil })
		})
		view.Wait()
		if mmapguard.Views(d) != 0 || lockedByUs(t, path) {
			t.Errorf("%s: %d views, locked %v", name, mmapguard.Views(d), lockedByUs(t, path))
		}
	}
}

func TestManyUseOneHandleAtOnce(t *testing.T) {
	const n = 1 << 20
	d := mapFile(t, newFile(t, n))
	var users sync.WaitGroup
	for g := range 8 {
		users.Go(func() {
			p := make([]byte, 1000)
			for i := range 300 {
				off := int64((g*7919 + i*104729) % (n - 1000))
				inode := byte(0)
				if got, err := d.ReadAt(p, off); got != len(p) || err != nil || misplaced(p, off, 1, &inode) >= 0 {
					t.Errorf("ReadAt(%d): %d, %v", off, got, err)
				}
				err := d.ViewRange(off, 1000, func(b []byte) error {
					if misplaced(b, off, 1, &inode) >= 0 {
						t.Errorf("ViewRange(%d) shows a wrong byte", off)
					}
					return nil
				})
				if _, changedErr := d.Changed(); err != nil || changedErr != nil || d.Bytes() == nil {
					t.Error(err, changedErr)
				}
			}
		})
	}
	users.Wait()
	if mmapguard.Views(d) != 0 {
		t.Error("views are still counted")
	}
}
