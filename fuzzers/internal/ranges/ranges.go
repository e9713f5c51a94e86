// Package ranges tries offsets and lengths of any size on files of a few sizes,
// and compares with arithmetic that cannot overflow, and with io.SectionReader.
package ranges

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"

	"github.com/mmapguard/go/fuzzers/internal/class"
	"github.com/mmapguard/go/fuzzers/internal/model"
	"github.com/mmapguard/go/fuzzers/internal/script"
	"github.com/mmapguard/go/mmapguard"
)

// Files are files of sizes at which something begins or ends.
type Files struct {
	paths []string
	data  [][]byte
}

// New makes them in a folder.
func New(dir string) (*Files, error) {
	f := &Files{}
	for i, size := range []int64{1, model.Page - 1, model.Page, model.Page + 1, 16*model.Page + 123} {
		path := filepath.Join(dir, fmt.Sprint(size))
		b := model.Pattern(byte(i), 0, size)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			return nil, err
		}
		f.paths, f.data = append(f.paths, path), append(f.data, b)
	}
	return f, nil
}

// query is a part of a file, a part of that, and a position in it.
type query struct {
	off, n int64 // WithRange
	at, of int64 // ViewRange, and ReadAt up to maxRead
	to     int64 // Seek
	whence int
}

// Check reads a file and a query from a script.
func (f *Files) Check(input []byte) error {
	s := script.New(input)
	which := s.Below(len(f.data))
	number := func() int64 { return s.Int64(int64(len(f.data[which])), model.Page) }
	q := query{number(), number(), number(), number(), number(), s.Below(4)} // the last whence there is not
	return f.check(which, q)
}

// within tells, without an overflow, whether n bytes from off are in size.
func within(off, n, size int64) bool {
	end := new(big.Int).Add(big.NewInt(off), big.NewInt(n))
	return off >= 0 && n >= 0 && end.Cmp(big.NewInt(size)) <= 0
}

// check opens the part and looks at it.
func (f *Files) check(which int, q query) (err error) {
	all := f.data[which]
	d, err := mmapguard.MapFile(f.paths[which], mmapguard.WithRange(q.off, q.n))
	want := class.Set(0)
	if !within(q.off, q.n, int64(len(all))) || q.n == 0 {
		want = class.Invalid
	}
	if err := class.Want(err, want, "range (%d, %d) of %d bytes", q.off, q.n, len(all)); err != nil || d == nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	part := all[q.off : q.off+q.n]
	if d.Size() != q.n || int64(d.Len()) != q.n {
		return fmt.Errorf("range (%d, %d): Size %d, Len %d", q.off, q.n, d.Size(), d.Len())
	}
	return errors.Join(q.view(d, part), q.read(d, part), q.seek(d, part))
}

func (q query) view(d *mmapguard.FileData, part []byte) error {
	want := class.Invalid
	inside := within(q.at, q.of, int64(len(part)))
	if inside {
		want = 0
	}
	called := false
	err := d.ViewRange(q.at, q.of, func(b []byte) error {
		called = true
		if !inside || !bytes.Equal(b, part[q.at:q.at+q.of]) || cap(b) != len(b) {
			return fmt.Errorf("lent %d bytes of capacity %d, and the wrong ones", len(b), cap(b))
		}
		return nil
	})
	if called != inside {
		return fmt.Errorf("view (%d, %d) of %d bytes was entered: %v", q.at, q.of, len(part), called)
	}
	return class.Want(err, want, "view (%d, %d) of %d bytes", q.at, q.of, len(part))
}

// maxRead is the longest read: longer ones differ in nothing.
const maxRead = 1 << 17

// read compares ReadAt with that of a SectionReader: count, bytes and io.EOF.
func (q query) read(d *mmapguard.FileData, part []byte) error {
	n := min(max(q.of, 0), maxRead)
	got, want := make([]byte, n), make([]byte, n)
	gotN, gotErr := d.ReadAt(got, q.at)
	wantN, wantErr := io.NewSectionReader(bytes.NewReader(part), 0, int64(len(part))).ReadAt(want, q.at)
	wantClass := class.Of(wantErr)
	switch {
	case q.at < 0:
		wantClass = class.Invalid // a SectionReader says io.EOF
	case n == 0:
		wantClass = 0 // and for nothing at all too
	}
	if gotN != wantN || !bytes.Equal(got[:gotN], want[:wantN]) {
		return fmt.Errorf("ReadAt of %d bytes at %d of %d: %d bytes, want %d, equal: %v", n, q.at, len(part), gotN, wantN, bytes.Equal(got[:gotN], want[:wantN]))
	}
	return class.Want(gotErr, wantClass, "ReadAt of %d bytes at %d of %d", n, q.at, len(part))
}

// seek goes somewhere and on from there, and reads a byte.
func (q query) seek(d *mmapguard.FileData, part []byte) error {
	r := d.NewReader()
	pos := int64(0)
	for _, offset := range []int64{q.to, q.at} {
		want, ok := target(q.whence, pos, int64(len(part)), offset)
		got, err := r.Seek(offset, q.whence)
		if !ok {
			want = pos
			if err := class.Want(err, class.Invalid, "Seek(%d, %d) from %d", offset, q.whence, pos); err != nil {
				return err
			}
		} else if err != nil {
			return fmt.Errorf("Seek(%d, %d) from %d: %w", offset, q.whence, pos, err)
		}
		if got != want {
			return fmt.Errorf("Seek(%d, %d) from %d of %d bytes: %d, want %d", offset, q.whence, pos, len(part), got, want)
		}
		pos = want
	}
	return readsOn(r, part, pos)
}

// target is where a Seek leads, if it does.
func target(whence int, pos, size, offset int64) (int64, bool) {
	base, ok := map[int]int64{io.SeekStart: 0, io.SeekCurrent: pos, io.SeekEnd: size}[whence]
	sum := new(big.Int).Add(big.NewInt(base), big.NewInt(offset))
	return sum.Int64(), ok && sum.IsInt64() && sum.Sign() >= 0
}

func readsOn(r *mmapguard.Reader, part []byte, pos int64) error {
	b, err := r.ReadByte()
	if pos >= int64(len(part)) {
		return class.Want(err, class.EOF, "ReadByte at %d of %d", pos, len(part))
	}
	if err != nil || b != part[pos] {
		return fmt.Errorf("ReadByte at %d: %#x, %w, want %#x", pos, b, err, part[pos])
	}
	return nil
}
