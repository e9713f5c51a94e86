//go:build unix && !aix

package mmapguard_test

import (
	"errors"
	"io"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

// The child writes a handle to an io.Pipe: user code that hands the slice it
// is given to another goroutine.
var _ = role("pipe", func(args []string) error {
	return doomedHandle(args[0], func(d *mmapguard.FileData) error {
		r, w := io.Pipe()
		read := make(chan int64)
		go func() {
			n, _ := io.Copy(io.Discard, r)
			read <- n
		}()
		n, err := d.WriteTo(w)
		if closing := w.Close(); closing != nil {
			return closing
		}
		if got := <-read; got != n || n != 0 {
			return errors.New("a chunk that faulted was written")
		}
		if !errors.Is(err, mmapguard.ErrFault) {
			return err
		}
		return nil
	})
})

func TestTrap15_PipeNeverGetsTheMappingItself(t *testing.T) {
	runOK(t, "pipe", newFile(t, 2*page))
}

// The writer keeps what it was given: a copy survives the handle.
func TestTrap15_OtherWritersGetACopy(t *testing.T) {
	d := mapFile(t, newFile(t, page))
	raw := d.Bytes()
	w := writerFunc(func(b []byte) (int, error) {
		if &b[0] == &raw[0] {
			t.Error("a writer of user code got the mapping itself")
		}
		return len(b), nil
	})
	if n, err := d.WriteTo(w); n != int64(page) || err != nil {
		t.Errorf("WriteTo: %d, %v", n, err)
	}
}

func TestStaleBytesFaultWhileInQuarantine(t *testing.T) {
	path := newFile(t, 4*page)
	d := mapFile(t, path)
	stale := d.Bytes()
	closeOK(t, d)
	for i := range 4 {
		if !rawFault(stale, i*page) {
			t.Fatalf("page %d of a closed handle can be read", i)
		}
	}
	// Opening and closing puts no other file there.
	other := newFileNo(t, 4*page, 2)
	_, limit, _, _ := mmapguard.QuarantineHeld()
	for i := range limit / 4 {
		o := mapFile(t, other)
		if !rawFault(stale, 0) {
			t.Fatalf("with %d mappings more a stale slice shows file %d", i, stale[0])
		}
		closeOK(t, o)
	}
}

var _ = role("stale", func(args []string) error {
	b, err := staleBytes(args[0])
	if err != nil {
		return err
	}
	touch(b, 0)
	return errors.New("survived")
})

func TestStaleBytesAreFatalWithoutAGuard(t *testing.T) {
	runFatal(t, "unexpected fault address", "stale", newFile(t, page))
}

func staleBytes(path string) ([]byte, error) {
	d, err := mmapguard.MapFile(path)
	if err != nil {
		return nil, err
	}
	b := d.Bytes()
	//guardvet:ignore useafterclose the slice is meant to be stale
	return b, d.Close()
}
