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
func (d *FileData) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, pathError("read", d.core.name, invalid("negative offset %d", off))
	}
	b, err := d.live()
	if err != nil {
		return 0, pathError("read", d.core.name, err)
	}
	if len(p) == 0 {
		return 0, nil
	}
	if off >= int64(len(b)) {
		return 0, io.EOF
	}
	n, err := d.copyOut(p, b, int(off))
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

// copyOut copies from the data b, which is guarded, to p. The copy counts only
// if the handle was still good afterwards: once its range has left the
// quarantine, another mapping may have been read without any fault.
func (d *FileData) copyOut(p, b []byte, off int) (n int, err error) {
	done := false
	old := guard()
	defer func() {
		unguard(old)
		if !done {
			n, err = 0, d.core.fault(recover(), "read", off, min(off+len(p), len(b)))
		}
	}()
	n = copy(p, b[off:])
	done = true
	if s := d.core.state.Load(); s >= revokedBit {
		n, err = 0, pathError("read", d.core.name, d.core.gone(s))
	}
	runtime.KeepAlive(d)
	return n, err
}
