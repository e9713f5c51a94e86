package peers

// sliceHandle is the part that all peers share whose interface is a plain
// slice: what their users write themselves.
type sliceHandle struct {
	b []byte
}

func (s *sliceHandle) Len() int64 { return int64(len(s.b)) }

func (s *sliceHandle) ReadAt(p []byte, off int64) (int, error) {
	return copy(p, s.b[off:off+int64(len(p))]), nil
}

func (s *sliceHandle) Lend(fn func(b []byte)) error {
	fn(s.b)
	return nil
}

func (s *sliceHandle) Keep() []byte { return s.b }
