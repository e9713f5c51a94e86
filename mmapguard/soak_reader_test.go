//go:build unix && !aix

package mmapguard_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

// soakTally counts what happened, so that a soak that only failed to open, or
// never met a fault, does not pass.
type soakTally struct {
	opens, refusals, reads, faults, closed, bytes atomic.Int64
}

func (n *soakTally) check(t *testing.T) {
	t.Logf("%d opens, %d refused; %d reads of %d MiB, %d faults, %d found closed",
		n.opens.Load(), n.refusals.Load(), n.reads.Load(), n.bytes.Load()>>20, n.faults.Load(), n.closed.Load())
	for what, count := range map[string]*atomic.Int64{
		"open": &n.opens, "refusal": &n.refusals, "read": &n.reads, "fault": &n.faults, "read of a closed handle": &n.closed,
	} {
		if count.Load() == 0 {
			t.Errorf("not a single %s", what)
		}
	}
}

// soaker is one goroutine that opens, reads and closes.
type soaker struct {
	t      *testing.T
	random *rand.Rand
	dir    string
	tally  *soakTally
}

// soakHandle is a handle with what its bytes must be.
type soakHandle struct {
	*mmapguard.FileData
	file byte
	base int64 // of the data in the file
}

var soakRefusals = []error{
	mmapguard.ErrLocked, mmapguard.ErrEmpty, mmapguard.ErrChanged, mmapguard.ErrReplaced, mmapguard.ErrFault,
	fs.ErrNotExist, fs.ErrInvalid,
}

// open opens one of the files with one set of options.
func (s *soaker) open() (soakHandle, bool) {
	h := soakHandle{file: byte(1 + s.random.IntN(soakFiles))}
	var opts []mmapguard.Option
	switch s.random.IntN(6) {
	case 0:
		h.base = s.random.Int64N(int64(soakMax * page / 2))
		opts = append(opts, mmapguard.WithRange(h.base, 1+s.random.Int64N(int64(soakMax*page/4))))
	case 1:
		opts = append(opts, mmapguard.WithPopulate())
	case 2:
		opts = append(opts, mmapguard.WithRandom())
	}
	d, err := s.openBy(soakPath(s.dir, h.file), opts)
	if err != nil {
		s.tally.refusals.Add(1)
		s.wantOneOf("open", err, soakRefusals...)
		return h, false
	}
	s.tally.opens.Add(1)
	h.FileData = d
	return h, true
}

func (s *soaker) openBy(path string, opts []mmapguard.Option) (*mmapguard.FileData, error) {
	if s.random.IntN(3) > 0 {
		return mmapguard.MapFile(path, opts...)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return mmapguard.MapOpenFile(f, opts...)
}

func (s *soaker) wantOneOf(what string, err error, classes ...error) {
	for _, class := range classes {
		if errors.Is(err, class) {
			return
		}
	}
	s.t.Errorf("%s: %v", what, err)
}

// round is the life of a handle: a few reads, and one of several ends.
func (s *soaker) round() {
	h, ok := s.open()
	if !ok {
		return
	}
	inode := byte(0)
	for range 1 + s.random.IntN(4) {
		s.read(h, &inode)
	}
	switch s.random.IntN(4) {
	case 0: // dropped: the collector's
	case 1:
		s.closeDuringReads(h, inode)
	default:
		s.close(h)
	}
}

func (s *soaker) close(h soakHandle) {
	if err := h.Close(); err != nil {
		s.t.Errorf("Close: %v", err)
	}
	if _, err := h.ReadAt(make([]byte, 1), 0); !errors.Is(err, mmapguard.ErrClosed) {
		s.t.Errorf("a read after Close: %v", err)
	}
}

// closeDuringReads closes a handle while another goroutine reads it.
func (s *soaker) closeDuringReads(h soakHandle, inode byte) {
	var reader sync.WaitGroup
	started := make(chan struct{})
	other := soaker{s.t, rand.New(rand.NewPCG(s.random.Uint64(), 4)), s.dir, s.tally} //nolint:gosec // repeatable
	reader.Go(func() {
		close(started)
		for other.read(h, &inode) {
		}
	})
	<-started
	s.close(h)
	reader.Wait()
}

// read reads by one of the ways to the bytes, and judges what it got. It
// reports whether the handle is still open.
func (s *soaker) read(h soakHandle, inode *byte) (open bool) {
	off := s.random.Int64N(h.Size())
	n := 1 + s.random.Int64N(h.Size()-off)
	var err error
	switch s.random.IntN(5) {
	case 0:
		err = h.ViewRange(off, n, func(b []byte) error { s.judge("View", h, b, off, inode); return nil })
	case 1:
		var buf bytes.Buffer
		_, err = h.WriteTo(&buf)
		s.judge("WriteTo", h, buf.Bytes(), 0, inode)
	case 2:
		r := h.NewReader()
		_, _ = r.Seek(off, io.SeekStart)
		var b []byte
		b, err = io.ReadAll(r)
		s.judge("Reader", h, b, off, inode)
	default:
		p := make([]byte, n)
		var got int
		got, err = h.ReadAt(p, off)
		s.judge("ReadAt", h, p[:got], off, inode)
	}
	switch {
	case err == nil:
		s.tally.reads.Add(1)
	case errors.Is(err, mmapguard.ErrClosed):
		s.tally.closed.Add(1)
		return false
	default:
		s.tally.faults.Add(1)
		s.wantOneOf("read", err, mmapguard.ErrFault)
	}
	return true
}

// judge looks for bytes of another file, inode or offset.
func (s *soaker) judge(what string, h soakHandle, b []byte, off int64, inode *byte) {
	s.tally.bytes.Add(int64(len(b)))
	if at := misplaced(b, h.base+off, h.file, inode); at >= 0 {
		s.t.Errorf("%s of file %d, inode generation %d: byte %d of the file belongs elsewhere", what, h.file, *inode, h.base+off+int64(at))
	}
}
