package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

const (
	// evictionReaders share one processor with whoever moves the ground under
	// them, and so stand still meanwhile, in the middle of a copy.
	evictionReaders = 6
	evictionRounds  = 6  // in which another file does come to lie there
	evictionMost    = 60 // in all
	evictionSize    = 8 << 20
	// manyMaps fill the other holes of the address space first.
	manyMaps = 50
	// wedgeSize is more than the quarantine holds.
	wedgeSize = quarantineBound + 1<<20
)

// closedHandleShowsNoOtherFile closes a handle that is being read, drives its
// addresses out of the quarantine, and maps another file there.
func closedHandleShowsNoOtherFile(e *Env) {
	debug.SetGCPercent(-1)
	shareProcessor()
	runtime.GOMAXPROCS(evictionReaders + 2)
	path, other := e.file("f", before(evictionSize)), e.file("other", after(evictionSize))
	giant := e.sealedGiant(wedgeSize)
	defer func() { _ = giant.Close() }()
	moved := 0
	for range rounds(evictionMost) {
		if moved == evictionRounds {
			break
		}
		d := e.mapFile(path)
		wedge := e.mapWedge(giant)
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

// mapWedge maps the giant file, or ends the case where the system itself cannot:
// an emulated processor may have fewer addresses than the real one. It is asked
// afterwards, because its map would change where later ones come to lie.
func (e *Env) mapWedge(giant *os.File) *mmapguard.FileData {
	d, err := mmapguard.MapOpenFile(giant, immutable)
	if e.noRoom(err) {
		if _, err := unix.Mmap(int(giant.Fd()), 0, wedgeSize, unix.PROT_READ, unix.MAP_SHARED); err != nil {
			e.notOffered("no process can map %d bytes at once here: %v", int64(wedgeSize), err)
		}
	}
	e.must(err, "opening a file in memory")
	return d
}

// mapThere maps a file until it comes to lie at an address.
func (e *Env) mapThere(path string, at uint64) *mmapguard.FileData {
	for range manyMaps {
		d := e.mapFile(path)
		if address(d.Bytes()) == at {
			return d
		}
		defer e.close(d)
	}
	return nil
}

// startReaders starts goroutines that read the handle until it is closed, and
// returns when all have begun. The function it returns waits for them.
func startReaders(d *mmapguard.FileData) (wait func() error) {
	want := before(evictionSize)
	var wg sync.WaitGroup
	var begun atomic.Int32
	results := make([]error, evictionReaders)
	for i := range results {
		wg.Go(func() {
			shareProcessor()
			begun.Add(1)
			results[i] = readAgain(d, want)
		})
	}
	for begun.Load() < evictionReaders {
		time.Sleep(time.Millisecond) // the processor is theirs
	}
	return func() error {
		wg.Wait()
		return errors.Join(results...)
	}
}

// readAgain reads until the handle is closed. What it read before is of no
// interest, what the last read shows is.
func readAgain(d *mmapguard.FileData, want []byte) error {
	buf := make([]byte, len(want))
	for {
		n, err := d.ReadAt(buf, 0)
		switch {
		case errors.Is(err, mmapguard.ErrClosed) && n == 0:
			return nil
		case err != nil:
			return fmt.Errorf("%d bytes and %w", n, err)
		case !bytes.Equal(buf[:n], want):
			return errors.New("a closed handle shows another file: " + difference(buf[:n], want))
		}
	}
}

// shareProcessor binds this goroutine's thread to the first processor.
func shareProcessor() {
	runtime.LockOSThread()
	var set unix.CPUSet
	set.Set(0)
	_ = unix.SchedSetaffinity(0, &set) // without it the case proves less, not wrong
}
