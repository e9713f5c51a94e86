package mapfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/mmapguard/go/fuzzers/internal/class"
	"github.com/mmapguard/go/fuzzers/internal/model"
	"github.com/mmapguard/go/fuzzers/internal/script"
	"github.com/mmapguard/go/mmapguard"
)

// compare checks a handle against the file as everybody else reads it, and
// closes it.
func (f *Folder) compare(d *mmapguard.FileData, s *script.Script, want model.Outcome, from, to int64) (err error) {
	if d.Mechanism() != want.Mechanism || d.Guarantee() != want.Guarantee || d.Size() != to-from {
		err = fmt.Errorf("%v by %v, %d bytes; want %v by %v, %d", d.Guarantee(), d.Mechanism(), d.Size(), want.Guarantee, want.Mechanism, to-from)
	}
	all, readErr := os.ReadFile(f.path)
	err = errors.Join(err, readErr)
	if err == nil {
		part := all[from:to]
		err = errors.Join(lends(d, part), f.writes(d, part), f.reads(d, s, from, to), changed(d))
	}
	return errors.Join(err, ends(d))
}

// lends compares what is lent.
func lends(d *mmapguard.FileData, want []byte) error {
	err := d.View(func(b []byte) error { return equal("View", b, want) })
	return errors.Join(err, equal("Bytes", d.Bytes(), want))
}

func equal(what string, b, want []byte) error {
	if !bytes.Equal(b, want) || cap(b) != len(want) {
		return fmt.Errorf("%s: %d bytes of capacity %d, want %d: %v", what, len(b), cap(b), len(want), bytes.Equal(b, want))
	}
	return nil
}

// writes compares what the two kinds of writers get: the kernel takes the map
// itself, every other one a copy.
func (f *Folder) writes(d *mmapguard.FileData, want []byte) error {
	var memory bytes.Buffer
	n, err := d.WriteTo(&memory)
	if err != nil || n != int64(len(want)) || !bytes.Equal(memory.Bytes(), want) {
		return fmt.Errorf("WriteTo memory: %d bytes of %d: %w", n, len(want), err)
	}
	out, err := os.Create(f.out)
	if err != nil {
		return err
	}
	n, err = d.WriteTo(out)
	err = errors.Join(err, out.Close())
	got, readErr := os.ReadFile(f.out)
	if err = errors.Join(err, readErr); err != nil || n != int64(len(want)) || !bytes.Equal(got, want) {
		return fmt.Errorf("WriteTo a file: %d bytes of %d: %w", n, len(want), err)
	}
	return nil
}

// both is what a Reader has in common with io.SectionReader.
type both interface {
	io.Reader
	io.ReaderAt
	io.Seeker
}

// maxSteps bounds the calls that are compared.
const maxSteps = 32

// reads does the same to a Reader and to a SectionReader of the file.
func (f *Folder) reads(d *mmapguard.FileData, s *script.Script, from, to int64) (err error) {
	file, err := os.Open(f.path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	ours, theirs := d.NewReader(), io.NewSectionReader(file, from, to-from)
	for range maxSteps {
		if s.Done() {
			return nil
		}
		how, off, n := s.Below(3), s.Near(to-from, model.Page), max(s.Near(to-from, model.Page), 0)
		got, want := same(ours, how, off, n), same(theirs, how, off, n)
		if how == 1 && off < 0 {
			want.set = class.Invalid // a SectionReader says io.EOF
		}
		if how != 2 && n == 0 {
			want.set, got.set = 0, 0 // of nothing, at the end: io.Reader allows both
		}
		if got.n != want.n || got.set != want.set || !bytes.Equal(got.b, want.b) {
			return fmt.Errorf("call %d of (offset %d, %d bytes): %d, %v; a SectionReader: %d, %v; equal: %v", how, off, n, got.n, got.set, want.n, want.set, bytes.Equal(got.b, want.b))
		}
	}
	return nil
}

type outcome struct {
	n   int64
	b   []byte
	set class.Set
}

func same(r both, how int, off, n int64) outcome {
	b := make([]byte, n)
	var m int
	var err error
	switch how {
	case 0:
		m, err = r.Read(b)
	case 1:
		m, err = r.ReadAt(b, off)
	default:
		pos, err := r.Seek(off, io.SeekStart)
		if err != nil {
			return outcome{set: class.Invalid} // a SectionReader has an error of its own
		}
		return outcome{n: pos}
	}
	return outcome{int64(m), b[:m], class.Of(err)}
}

// changed checks that an untouched file is called that.
func changed(d *mmapguard.FileData) error {
	if changed, err := d.Changed(); changed || err != nil {
		return fmt.Errorf("an untouched file has changed: %v, %w", changed, err)
	}
	return nil
}

// ends closes a handle, after which there is nothing to be had.
func ends(d *mmapguard.FileData) error {
	err := d.Close()
	_, readErr := d.ReadAt(make([]byte, 1), 0)
	if d.Bytes() != nil {
		err = errors.Join(err, errors.New("a closed handle has Bytes"))
	}
	return errors.Join(err,
		class.Want(readErr, class.Closed, "ReadAt after Close"),
		class.Want(d.Close(), class.Closed, "the second Close"))
}
