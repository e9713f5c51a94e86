package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

const (
	// evictionReaders share one processor, so that all but one of them stand
	// still in the middle of a copy while the ground is moved under them.
	evictionReaders = 6
	evictionRounds  = 6
	evictionSize    = 8 << 20
)

// closedHandleShowsNoOtherFile closes a handle that is being read, drives its
// addresses out of the quarantine, and maps another file there.
func closedHandleShowsNoOtherFile(e *Env) {
	debug.SetGCPercent(-1)
	runtime.GOMAXPROCS(evictionReaders + 2)
	path, other := e.file("f", before(evictionSize)), e.file("other", after(evictionSize))
	giant := e.sealedGiant(quarantineBound + 1<<20)
	defer func() { _ = giant.Close() }()
	moved := 0
	for range evictionRounds {
		d := e.mapFile(path)
		wedge := e.mapOpenFile(giant, immutable)
		readers := startReaders(d)
		at := address(d.Bytes())
		e.close(d)
		e.close(wedge) // larger than the quarantine: everything older has to go
		if d := e.mapThere(other, at); d != nil {
			moved++
			defer e.close(d)
		}
		if err := readers(); err != nil {
			e.broken("%v", err)
		}
	}
	if moved == 0 {
		e.notOffered("no other file came to lie at the same address")
	}
}

// mapThere maps a file until it comes to lie at an address.
func (e *Env) mapThere(path string, at uint64) *mmapguard.FileData {
	for range 10 {
		d := e.mapFile(path)
		if address(d.Bytes()) == at {
			return d
		}
		defer e.close(d)
	}
	return nil
}

// startReaders starts goroutines that read the handle once, and returns when
// all have begun. The function it returns waits for them.
func startReaders(d *mmapguard.FileData) (wait func() error) {
	want := before(evictionSize)
	var wg sync.WaitGroup
	var begun atomic.Int32
	results := make([]error, evictionReaders)
	for i := range results {
		buf := bytes.Clone(want)
		clear(buf)
		wg.Go(func() {
			shareProcessor()
			begun.Add(1)
			n, err := d.ReadAt(buf, 0)
			results[i] = readVerdict(buf[:n], err, want)
		})
	}
	for begun.Load() < evictionReaders {
		runtime.Gosched()
	}
	return func() error {
		wg.Wait()
		return errors.Join(results...)
	}
}

// shareProcessor binds this goroutine's thread to the first processor.
func shareProcessor() {
	runtime.LockOSThread()
	var set unix.CPUSet
	set.Set(0)
	_ = unix.SchedSetaffinity(0, &set) // without it the case proves less, not wrong
}

func readVerdict(got []byte, err error, want []byte) error {
	switch {
	case errors.Is(err, mmapguard.ErrClosed) && len(got) == 0:
		return nil
	case err != nil:
		return fmt.Errorf("%d bytes and %w", len(got), err)
	case !bytes.Equal(got, want):
		return errors.New("a closed handle shows another file: " + difference(got, want))
	}
	return nil
}
