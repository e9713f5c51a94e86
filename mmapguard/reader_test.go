package mmapguard_test

import (
	"errors"
	"io"
	"io/fs"
	"math"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/mmapguard/go/mmapguard"
)

// handles are one mapped and one loaded handle of the same bytes, the mapped
// one not at a page's start.
func handles(t *testing.T, n int) map[string]*mmapguard.FileData {
	t.Helper()
	all := contents(n+16, 1)
	loaded, err := mmapguard.LoadReader(strings.NewReader(string(all[8:n+8])), mmapguard.NoLimit)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*mmapguard.FileData{
		"mapped": mapFile(t, newFile(t, n+16), mmapguard.WithRange(8, int64(n))),
		"loaded": loaded,
	}
}

func TestReaderIsAReader(t *testing.T) {
	const n = 3000
	want := contents(n+16, 1)[8 : n+8]
	for name, d := range handles(t, n) {
		if err := iotest.TestReader(d.NewReader(), want); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		section := io.NewSectionReader(d, 0, d.Size())
		if err := iotest.TestReader(section, want); err != nil {
			t.Errorf("%s as io.ReaderAt: %v", name, err)
		}
	}
}

func TestReadAt(t *testing.T) {
	const n = 3000
	want := contents(n+16, 1)[8 : n+8]
	for name, d := range handles(t, n) {
		for _, c := range []struct {
			len  int
			off  int64
			n    int
			err  error
			what string
		}{
			{10, 0, 10, nil, "start"}, {10, n - 10, 10, nil, "to the end"}, {11, n - 10, 10, io.EOF, "over the end"},
			{n, 0, n, nil, "all"}, {n + 1, 0, n, io.EOF, "more than all"}, {1, n, 0, io.EOF, "at the end"},
			{1, n + 1, 0, io.EOF, "beyond"}, {1, math.MaxInt64, 0, io.EOF, "far beyond"}, {0, 0, 0, nil, "nothing"},
			{0, n, 0, nil, "nothing at the end"}, {0, n + 5, 0, nil, "nothing beyond"}, {1, -1, 0, fs.ErrInvalid, "before"},
			{0, math.MinInt64, 0, fs.ErrInvalid, "far before"},
		} {
			p := []byte(strings.Repeat("~", c.len))
			got, err := d.ReadAt(p, c.off)
			if got != c.n || !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
				t.Errorf("%s, %s: %d, %v, want %d, %v", name, c.what, got, err, c.n, c.err)
			}
			if string(p[:got]) != string(want[min(max(c.off, 0), n):][:got]) || strings.Trim(string(p[got:]), "~") != "" {
				t.Errorf("%s, %s: wrong bytes, or bytes beyond the count", name, c.what)
			}
		}
	}
}

func TestReadAtAllocatesNothing(t *testing.T) {
	if raceDetector {
		t.Skip("needs a build without the race detector, which allocates")
	}
	d := mapFile(t, newFile(t, page))
	p := make([]byte, 8)
	if n := testing.AllocsPerRun(100, func() { _, _ = d.ReadAt(p, 16) }); n != 0 {
		t.Errorf("%v allocations for a read", n)
	}
}

func TestReaderSeek(t *testing.T) {
	const n = 3000
	for name, d := range handles(t, n) {
		r := d.NewReader()
		for _, c := range []struct {
			off    int64
			whence int
			pos    int64
			ok     bool
		}{
			{10, io.SeekStart, 10, true}, {5, io.SeekCurrent, 15, true}, {-15, io.SeekCurrent, 0, true},
			{-1, io.SeekCurrent, 0, false}, {-1, io.SeekStart, 0, false}, {-10, io.SeekEnd, n - 10, true},
			{10, io.SeekEnd, n + 10, true}, {-n - 1, io.SeekEnd, n + 10, false}, {math.MaxInt64, io.SeekCurrent, n + 10, false},
			{math.MaxInt64, io.SeekStart, math.MaxInt64, true}, {1, io.SeekCurrent, math.MaxInt64, false}, {0, 3, math.MaxInt64, false},
			{math.MinInt64, io.SeekEnd, math.MaxInt64, false}, {0, io.SeekStart, 0, true},
		} {
			pos, err := r.Seek(c.off, c.whence)
			if pos != c.pos || (err == nil) != c.ok || (!c.ok && !errors.Is(err, fs.ErrInvalid)) {
				t.Errorf("%s: Seek(%d, %d): %d, %v, want %d, ok %v", name, c.off, c.whence, pos, err, c.pos, c.ok)
			}
		}
	}
}

func TestReaderBeyondTheEnd(t *testing.T) {
	for name, d := range handles(t, 100) {
		r := d.NewReader()
		if _, err := r.Seek(1000, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		n, readErr := r.Read(make([]byte, 1))
		_, byteErr := r.ReadByte()
		written, writeErr := r.WriteTo(io.Discard)
		if n != 0 || readErr != io.EOF || byteErr != io.EOF || written != 0 || writeErr != nil {
			t.Errorf("%s: Read %d, %v; ReadByte %v; WriteTo %d, %v", name, n, readErr, byteErr, written, writeErr)
		}
	}
}

func TestReadersAreIndependentAndReadBytes(t *testing.T) {
	const n = 100
	want := contents(n+16, 1)[8 : n+8]
	for name, d := range handles(t, n) {
		first, second := d.NewReader(), d.NewReader()
		var got []byte
		for {
			b, err := first.ReadByte()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, b)
		}
		if string(got) != string(want) {
			t.Errorf("%s: ReadByte read %x", name, got)
		}
		if b, err := second.ReadByte(); b != want[0] || err != nil {
			t.Errorf("%s: the second Reader starts with %x, %v", name, b, err)
		}
		if n, err := first.ReadAt(make([]byte, 5), 95); n != 5 || err != nil {
			t.Errorf("%s: Reader.ReadAt: %d, %v", name, n, err)
		}
		var rest strings.Builder
		if n, err := second.WriteTo(&rest); n != 99 || err != nil || rest.String() != string(want[1:]) {
			t.Errorf("%s: Reader.WriteTo: %d, %v", name, n, err)
		}
		if pos, _ := second.Seek(0, io.SeekCurrent); pos != n {
			t.Errorf("%s: after WriteTo the position is %d", name, pos)
		}
	}
}
