package mmapguard

import (
	"runtime"
	"sync/atomic"
)

// FileData is a handle on the bytes of a file, mapped or loaded, for reading.
//
// There are three ways to the bytes; prefer the first that will do:
//
//  1. ReadAt, NewReader and WriteTo copy out. They never crash, and what they
//     return stays valid for ever.
//  2. View and ViewRange lend the bytes to a callback without a copy. Faults
//     come back as errors; the slice must not leave the callback.
//  3. Bytes is a plain slice for code that wants one. A fault in it, and its use
//     after Close, end the program.
//
// All methods may be called by several goroutines at once; each says what a
// concurrent Close does to it. A handle that is dropped without Close is
// released by the collector, unless Bytes was called.
type FileData struct {
	bytes   []byte // nil if loaded: heap memory is released by forgetting it
	core    *core
	size    int64
	cleanup runtime.Cleanup
	pinned  atomic.Bool
}

// newMapped makes the handle of a core's region, of which the n bytes from the
// core's delta are the data.
func newMapped(c *core, n int) *FileData {
	from := int(c.delta)
	d := &FileData{
		bytes: c.region.Bytes()[from : from+n : from+n],
		core:  c,
		size:  int64(n),
	}
	d.cleanup = runtime.AddCleanup(d, (*core).dropped, c)
	return d
}

// newLoaded makes the handle of bytes of the Go heap.
func newLoaded(name string, b []byte, m Mechanism) *FileData {
	c := &core{name: name, mechanism: m, guarantee: Isolated}
	b = b[:len(b):len(b)]
	c.heap.Store(&b)
	return &FileData{core: c, size: int64(len(b))}
}

// live is the data, or nil and the reason why there is none.
func (d *FileData) live() ([]byte, error) {
	if s := d.core.state.Load(); s >= revokedBit {
		return nil, d.core.gone(s)
	}
	if d.bytes != nil {
		return d.bytes, nil
	}
	if heap := d.core.heap.Load(); heap != nil {
		return *heap, nil
	}
	return nil, ErrClosed
}

// Len is the number of bytes of data. It stays the same after Close.
func (d *FileData) Len() int { return int(d.size) }

// Size is Len as an int64. Under WithRange it is the range's length.
func (d *FileData) Size() int64 { return d.size }

// Backing tells whether the bytes are mapped or were loaded.
func (d *FileData) Backing() Backing {
	if d.bytes == nil {
		return Loaded
	}
	return Mapped
}

// Guarantee is the guarantee that was obtained, at least as strong as the one
// asked for.
func (d *FileData) Guarantee() Guarantee { return d.core.guarantee }

// Mechanism is the way in which the guarantee is provided.
func (d *FileData) Mechanism() Mechanism { return d.core.mechanism }

// Close releases the mapping, and then the lock. It never waits: while views
// are running the last of them releases, and everything else already answers
// ErrClosed. A slice obtained from Bytes must not be used any more; while its
// range is in quarantine a use faults, later it may show anything.
//
// Close is idempotent in effect; from the second call on it returns ErrClosed.
// Of several concurrent calls one returns nil.
func (d *FileData) Close() error {
	err := d.core.close()
	d.cleanup.Stop()
	unpin(d)
	runtime.KeepAlive(d)
	if err != nil {
		return pathError("close", d.core.name, err)
	}
	return nil
}
