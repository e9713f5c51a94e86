package demo

import (
	"bytes"
	"errors"
	"io"
	"os"

	"github.com/edsrzf/mmap-go"

	"github.com/mmapguard/go/mmapguard"
)

const (
	wayRaw      = "raw mapping"
	wayReadFile = "os.ReadFile"
)

// source is an open file, in one of the ways that are compared.
type source interface {
	io.ReaderAt
	io.Closer
}

// open opens a file in the way of the given name.
func open(way, name string) (source, error) {
	switch way {
	case wayRaw:
		return openRaw(name)
	case wayReadFile:
		b, err := os.ReadFile(name) // #nosec G304 G703 -- the demonstration's own file
		return loaded{bytes.NewReader(b)}, err
	}
	for _, g := range mmapguard.Guarantees() {
		if way == g.String() {
			return mmapguard.MapFile(name, mmapguard.WithGuarantee(g))
		}
	}
	return nil, errors.New("unknown way to read: " + way)
}

// loaded is a copy in memory.
type loaded struct{ *bytes.Reader }

func (loaded) Close() error { return nil }

// raw is a mapping as most programs make it: nothing stands between the bytes
// and the processor.
type raw struct{ mmap.MMap }

func openRaw(name string) (src source, err error) {
	f, err := os.Open(name) // #nosec G304 G703 -- the demonstration's own file
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	m, err := mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return nil, err
	}
	return &raw{m}, nil
}

func (r *raw) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(r.MMap)) {
		return 0, io.EOF
	}
	return copy(p, r.MMap[off:]), nil
}

func (r *raw) Close() error { return r.Unmap() }
