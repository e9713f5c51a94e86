package mmapguard

import (
	"io"
)

// Reader reads a handle's data from a position of its own. The methods that
// move the position are for one goroutine at a time; ReadAt is for any number.
// It keeps the handle alive; after the handle's Close it returns ErrClosed.
//
// It is an io.Reader, io.Seeker, io.ReaderAt, io.WriterTo and io.ByteReader.
type Reader struct {
	d   *FileData
	off int64
	one [1]byte
}

// NewReader returns a Reader that starts at the first byte. Every call makes
// an independent one.
func (d *FileData) NewReader() *Reader { return &Reader{d: d} }

// Read copies the next bytes into p; errors are those of FileData.ReadAt.
func (r *Reader) Read(p []byte) (int, error) {
	n, err := r.d.ReadAt(p, r.off)
	r.off += int64(n)
	if n > 0 && err == io.EOF { //nolint:errorlint // ReadAt answers io.EOF bare
		err = nil
	}
	return n, err
}

// ReadByte returns the next byte, or io.EOF.
func (r *Reader) ReadByte() (byte, error) {
	if n, err := r.d.ReadAt(r.one[:], r.off); n == 0 {
		return 0, err
	}
	r.off++
	return r.one[0], nil
}

// ReadAt is FileData.ReadAt; it neither uses nor moves the position.
func (r *Reader) ReadAt(p []byte, off int64) (int, error) { return r.d.ReadAt(p, off) }

// Seek sets the position, as io.Seeker says. A position beyond the end is
// allowed and reads as io.EOF; one before the start is fs.ErrInvalid.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	base := int64(0)
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		base = r.off
	case io.SeekEnd:
		base = r.d.size
	default:
		return r.off, pathError("seek", r.d.core.name, invalid("unknown whence %d", whence))
	}
	if sum := base + offset; sum >= 0 && (offset <= 0 || sum >= base) {
		r.off = sum
		return sum, nil
	}
	return r.off, pathError("seek", r.d.core.name, invalid("offset %d is out of range", offset))
}

// WriteTo writes the bytes from the position to the end; see FileData.WriteTo.
func (r *Reader) WriteTo(w io.Writer) (int64, error) {
	n, err := r.d.writeFrom(w, min(r.off, r.d.size))
	r.off += n
	return n, err
}
