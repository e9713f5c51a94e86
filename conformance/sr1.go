package conformance

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"

	"github.com/mmapguard/go/mmapguard"
)

// SR-1: no undefined behaviour, whatever file is mapped.
var sr1 = []Case{
	{
		ID:      "SR-1/every-byte-right",
		Promise: "Every way to the bytes shows every byte of the file, at every size around that of a page.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(everyByteRight),
	},
	{
		ID:      "SR-1/capacity-is-length",
		Promise: "No slice that is handed out can be extended beyond the data.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(capacityIsLength),
	},
	{
		ID:      "SR-1/nothing-beyond-the-end",
		Promise: "Offsets and ranges outside the data are errors, also where their sum overflows.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(nothingBeyondTheEnd),
	},
	{
		ID:      "SR-1/hints-change-nothing",
		Promise: "Hints about the coming reads change no byte.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(hintsChangeNothing),
	},
	{
		ID:      "SR-1/given-files-read-right",
		Promise: "Files that were there before read as they do without a mapping, errors included.",
		Applies: Applies{Mechanisms: each, Needs: Content},
		Run:     judge(givenFilesReadRight),
	},
}

func everyByteRight(e *Env) {
	page := os.Getpagesize()
	for _, n := range []int{1, 2, page - 1, page, page + 1, 3*page - 1, some()} {
		want := before(n)
		d := e.mapFile(e.file("size", want))
		e.showsEverywhere(d, want)
		e.close(d)
		e.must(os.Remove(e.path("size")), "removing a file")
	}
}

func hintsChangeNothing(e *Env) {
	want := before(some())
	path := e.file("f", want)
	for _, hint := range []mmapguard.Option{mmapguard.WithSequential(), mmapguard.WithRandom(), mmapguard.WithPopulate()} {
		d := e.mapFile(path, hint)
		e.shows(d, want, "with a hint")
		e.close(d)
	}
}

// showsEverywhere checks all the ways to the bytes.
func (e *Env) showsEverywhere(d *mmapguard.FileData, want []byte) {
	e.check(d.Len() == len(want) && d.Size() == int64(len(want)), "Len is %d and Size is %d, want %d", d.Len(), d.Size(), len(want))
	e.shows(d, want, "ReadAt")
	e.same(bytes.Clone(d.Bytes()), want, "Bytes")
	var lent, written bytes.Buffer
	e.must(d.View(func(b []byte) error { _, err := lent.Write(b); return err }), "View")
	e.same(lent.Bytes(), want, "View")
	n, err := d.WriteTo(&written)
	e.must(err, "WriteTo")
	e.check(n == int64(len(want)), "WriteTo: %d bytes, want %d", n, len(want))
	e.same(written.Bytes(), want, "WriteTo")
	got, err := io.ReadAll(d.NewReader())
	e.must(err, "Reader")
	e.same(got, want, "Reader")
}

func capacityIsLength(e *Env) {
	data := before(some())
	path := e.file("f", data)
	whole := e.mapFile(path)
	defer e.close(whole)
	e.exact(whole)
	part := e.mapFile(path, mmapguard.WithRange(5, 17))
	defer e.close(part)
	e.exact(part)
}

func (e *Env) exact(d *mmapguard.FileData) {
	exact := func(b []byte, n int, what string) {
		e.check(len(b) == n && cap(b) == n, "%s: length %d and capacity %d, want both %d", what, len(b), cap(b), n)
	}
	exact(d.Bytes(), d.Len(), "Bytes")
	e.must(d.View(func(b []byte) error { exact(b, d.Len(), "View"); return nil }), "View")
	e.must(d.ViewRange(3, 7, func(b []byte) error { exact(b, 7, "ViewRange"); return nil }), "ViewRange")
}

func nothingBeyondTheEnd(e *Env) {
	size := int64(some())
	d := e.mapFile(e.file("f", before(int(size))))
	defer e.close(d)
	buf := make([]byte, 8)
	for _, off := range []int64{size, size + 1, math.MaxInt64} {
		n, err := d.ReadAt(buf, off)
		e.check(n == 0 && errors.Is(err, io.EOF), "ReadAt(%d): %d bytes and %v, want io.EOF", off, n, err)
	}
	n, err := d.ReadAt(buf, size-3)
	e.check(n == 3 && errors.Is(err, io.EOF), "ReadAt at the end: %d bytes and %v, want 3 and io.EOF", n, err)
	_, err = d.ReadAt(buf, -1)
	e.wantPathError(err, fs.ErrInvalid, "ReadAt(-1)")
	for _, r := range [][2]int64{{-1, 1}, {0, -1}, {0, size + 1}, {size, 1}, {1, math.MaxInt64}, {math.MaxInt64, math.MaxInt64}} {
		err := d.ViewRange(r[0], r[1], func([]byte) error { return nil })
		e.wantPathError(err, fs.ErrInvalid, "ViewRange out of range")
	}
}

func givenFilesReadRight(e *Env) {
	for _, name := range e.Content {
		d := e.mapGiven(name)
		// The mapping comes first: what happens to the storage when its pages are
		// asked for happens under it.
		_, _ = read(d)
		if want, err := os.ReadFile(name); err == nil && len(want) == d.Len() {
			e.showsEverywhere(d, want)
		} else {
			e.readsNoBetter(d, name)
		}
		e.close(d)
	}
}

// mapGiven opens a file that was there before. It may lie on another file
// system than the case's own folder, and offer less.
func (e *Env) mapGiven(name string, also ...mmapguard.Option) *mmapguard.FileData {
	d, err := mmapguard.MapFile(name, e.options(also...)...)
	switch {
	case errors.Is(err, mmapguard.ErrUnsupported):
		e.notOffered("%s", explain(err))
	case err != nil:
		e.failed("opening: %v", err)
	}
	return d
}
