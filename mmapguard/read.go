package mmapguard

import (
	"io"
	"runtime"
)

// ReadAt copies the bytes from offset off into p, as io.ReaderAt says. It waits
// for nothing, allocates nothing and writes to no memory but p.
//
// A page that cannot be read is a *FaultError; what p holds then is undefined,
// and 0 bytes are reported. A concurrent Close makes it either succeed or
// return ErrClosed. Other errors: io.EOF at the end, fs.ErrInvalid for a
// negative offset, ErrRevoked.
func (d *FileData) ReadAt(p []byte, off int64) (n int, err error) {
	b, c := d.bytes, d.core
	if uint64(off) >= uint64(len(b)) || len(p) == 0 || c.state.Load() >= revokedBit { // #nosec G115 -- negative is beyond any length
		return d.readOdd(p, off)
	}
	from := int(off)
	to := from + min(len(p), len(b)-from)
	old := guard()
	// What the deferred function uses is stored for it at every call, which is a
	// good part of what a call costs: until the copy is done, n is ^from.
	n = ^from
	defer func() {
		unguard(old)
		if n < 0 {
			n, err = 0, c.fault(recover(), "read", ^n, to)
		}
	}()
	copied := copy(p, b[from:to])
	// The copy counts only if the handle is still good: once its range has left
	// the quarantine, another mapping may have been read without any fault.
	if s := c.state.Load(); s >= revokedBit {
		n = 0
		return n, pathError("read", c.name, c.gone(s))
	}
	n = copied
	if n < len(p) {
		err = io.EOF
	}
	runtime.KeepAlive(d)
	return n, err
}

// readOdd is ReadAt for what is not a plain read within mapped data.
func (d *FileData) readOdd(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, pathError("read", d.core.name, invalid("negative offset %d", off))
	}
	b, err := d.live()
	switch {
	case err != nil:
		return 0, pathError("read", d.core.name, err)
	case len(p) == 0:
		return 0, nil
	case off >= int64(len(b)):
		return 0, io.EOF
	}
	n := copy(p, b[off:])
	if n < len(p) {
		err = io.EOF
	}
	return n, err
}
