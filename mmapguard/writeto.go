package mmapguard

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"reflect"
	"sync"

	"github.com/mmapguard/go/mmapguard/internal/boundary"
)

const (
	// writeChunk bounds how long a single write of a kernel writer keeps a
	// concurrent Close from releasing.
	writeChunk = 8 << 20
	copyChunk  = 128 << 10
)

// errInvalidWrite is for writers that break the contract of io.Writer.
var errInvalidWrite = errors.New("writer returned an impossible count")

// copyBuffers are reused, because every WriteTo to a writer of user code needs
// one.
var copyBuffers = sync.Pool{New: func() any { return new([copyChunk]byte) }}

// WriteTo writes the data to w, as io.WriterTo says.
//
// An *os.File and the sockets of package net get the mapping itself, without a
// copy: the kernel answers a bad page with EFAULT. Every other writer gets a
// copy, because it may hand the bytes to a goroutine in which a fault would end
// the program. A page that cannot be read is a *FaultError either way. Close
// while it runs lets it end with ErrClosed after the chunk being written.
func (d *FileData) WriteTo(w io.Writer) (int64, error) { return d.writeFrom(w, 0) }

func (d *FileData) writeFrom(w io.Writer, off int64) (written int64, err error) {
	write, chunk := d.writeCopied, copyChunk
	if d.bytes == nil || kernelWriter(w) {
		write, chunk = d.writeDirect, writeChunk
	}
	if err := d.check("write"); err != nil {
		return 0, err
	}
	for err == nil && off+written < d.size {
		n := 0
		from := int(off + written)
		n, err = write(w, from, min(from+chunk, int(d.size)))
		written += int64(n)
	}
	return written, err
}

// check says whether the handle still has bytes.
func (d *FileData) check(op string) error {
	if _, err := d.live(); err != nil {
		return pathError(op, d.core.name, err)
	}
	return nil
}

// writeDirect gives the writer the data [from, to) itself.
func (d *FileData) writeDirect(w io.Writer, from, to int) (n int, err error) {
	err = d.lend("write", from, to, func(b []byte) error {
		n, err = checkWrite(len(b))(w.Write(b))
		return err
	})
	// The bytes of the heap do not fault: such an answer is the writer's own.
	if err != nil && d.bytes != nil && isBadAddress(err) {
		err = d.core.faultError("write", d.firstFault(from+n, to))
	}
	return n, err
}

// firstFault looks for the page that a kernel writer could not read: sockets
// take all or nothing, and do not tell how far they came.
func (d *FileData) firstFault(from, to int) int64 {
	var fault *FaultError
	for at := from; at < to; at += boundary.PageSize() {
		if _, err := d.ReadAt(make([]byte, 1), int64(at)); errors.As(err, &fault) {
			return fault.Offset
		}
	}
	return int64(from)
}

// writeCopied gives the writer a copy of the data [from, to).
func (d *FileData) writeCopied(w io.Writer, from, to int) (int, error) {
	buf, _ := copyBuffers.Get().(*[copyChunk]byte)
	defer copyBuffers.Put(buf)
	n, err := d.ReadAt(buf[:to-from], int64(from))
	if err != nil {
		return 0, asOp(err, "write")
	}
	return checkWrite(n)(w.Write(buf[:n]))
}

// checkWrite refuses the counts that an io.Writer must not return when it was
// given want bytes.
func checkWrite(want int) func(n int, err error) (int, error) {
	return func(n int, err error) (int, error) {
		switch {
		case n < 0 || n > want:
			return 0, errInvalidWrite
		case err == nil && n < want:
			return n, io.ErrShortWrite
		}
		return n, err
	}
}

// asOp names the operation the caller asked for in an error of an inner read.
func asOp(err error, op string) error {
	var fault *FaultError
	var path *fs.PathError
	switch {
	case errors.As(err, &fault):
		return &FaultError{Name: fault.Name, Op: op, Offset: fault.Offset}
	case errors.As(err, &path):
		return pathError(op, path.Path, path.Err)
	}
	return err
}

// kernelWriter tells whether a Write of w is a system call on the bytes it is
// given and nothing else. Only these exact types are: a type that embeds one
// may do anything. The sockets are told by name, so that the library does not
// make every program link package net.
func kernelWriter(w io.Writer) bool {
	if _, ok := w.(*os.File); ok {
		return true
	}
	t := reflect.TypeOf(w)
	if t == nil || t.Kind() != reflect.Pointer || t.Elem().PkgPath() != "net" {
		return false
	}
	switch t.Elem().Name() {
	case "TCPConn", "UnixConn", "UDPConn", "IPConn":
		return true
	}
	return false
}
