package mmapguard

import (
	"errors"
	"runtime"
)

// errNilPanic is what View returns if the callback panics with nil, which
// programs built with GODEBUG=panicnil=1 can do and no recover can tell.
var errNilPanic = errors.New("callback of View panicked with nil")

// View lends the data to fn, without a copy, and returns fn's error. The slice
// must not be used after fn has returned, and its capacity is its length.
//
// A fault in the lent bytes, while fn runs, ends fn and comes back as a
// *FaultError (or ErrRevoked, if the handle's guarantee could not be kept); any
// other panic, and runtime.Goexit, pass through as if View were not there. A
// concurrent Close does not disturb a running fn: the memory is released when
// the last View returns. After Close the answer is ErrClosed and fn is not
// called.
//
// Some faults no library can catch: those in a goroutine that fn starts, in
// cgo, in the runtime itself when it copies straight from the lent bytes
// (ch <- b[i]; println of a string made of them). Copy the value to a variable
// first. A fault also leaves fn half done: a mutex it locked without a deferred
// unlock stays locked, and a map that was growing while it hashed a key made of
// lent bytes is broken.
func (d *FileData) View(fn func(b []byte) error) error {
	return d.lend(opView, 0, int(d.size), fn)
}

// ViewRange is View for the n bytes of data from offset off. A range that is
// not within the data is fs.ErrInvalid; an empty one is not an error.
func (d *FileData) ViewRange(off, n int64, fn func(b []byte) error) error {
	if off < 0 || n < 0 || off > d.size || n > d.size-off {
		return pathError(opView, d.core.name, invalid("range of %d bytes at offset %d is not within %d bytes", n, off, d.size))
	}
	return d.lend(opView, int(off), int(off+n), fn)
}

// lend runs fn over the data [from, to), guarded and counted.
func (d *FileData) lend(op string, from, to int, fn func(b []byte) error) (err error) {
	if err := d.core.enter(); err != nil {
		return pathError(op, d.core.name, err)
	}
	returned := false
	old := guard()
	defer func() {
		unguard(old)
		if !returned {
			err = d.core.interrupted(recover(), op, from, to)
		}
		err = d.core.left(op, err)
		runtime.KeepAlive(d)
	}()
	err = fn(d.lent()[from:to:to])
	returned = true
	return err
}

// interrupted is called when a callback over the data [from, to) did not return.
// It gives the error if that was for a fault of these bytes; anything else
// goes on as it came, with the view ended.
func (c *core) interrupted(panicked any, op string, from, to int) error {
	if panicked == nil { // runtime.Goexit, in which the result is not seen
		return errNilPanic
	}
	offset, ours := c.locate(panicked, from, to)
	if !ours {
		_ = c.leave()
		panic(panicked)
	}
	return c.faultError(op, offset)
}

// lent is the data of a handle that a running view keeps open.
func (d *FileData) lent() []byte {
	if d.bytes != nil {
		return d.bytes
	}
	return *d.core.heap.Load()
}

// left ends a view and adds what went wrong in a release that waited for it.
func (c *core) left(op string, err error) error {
	if release := c.leave(); release != nil {
		return errors.Join(err, pathError(op, c.name, release))
	}
	return err
}

// Bytes is the data as a plain slice, whose capacity is its length. It pins the
// mapping: a handle whose Bytes were taken must be closed, the collector will
// not do it.
//
// A fault in the slice ends the program, and so does its use after Close, as
// long as the range is in quarantine; after that nothing protects it. It is nil
// after Close or a revocation. A Close concurrent with the use of the slice is
// such a use after Close.
func (d *FileData) Bytes() []byte {
	b, err := d.live()
	if err != nil || d.bytes == nil {
		return b
	}
	if !pin(d) {
		return nil
	}
	return b
}
