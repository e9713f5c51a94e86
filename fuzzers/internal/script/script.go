// Package script reads decisions from the bytes that a fuzzer makes up. Every
// input means something: a script that has ended goes on with zeros, so that a
// fuzzer may cut and join inputs as it likes.
package script

import (
	"encoding/binary"
	"math"
)

// Script is what is left of an input.
type Script struct{ rest []byte }

// New reads from the start of the input, which it does not change.
func New(input []byte) *Script { return &Script{input} }

// Done tells that nothing but zeros will come.
func (s *Script) Done() bool { return len(s.rest) == 0 }

// Byte is the next byte.
func (s *Script) Byte() byte {
	if len(s.rest) == 0 {
		return 0
	}
	b := s.rest[0]
	s.rest = s.rest[1:]
	return b
}

// Bool takes a byte, and is false after the end.
func (s *Script) Bool() bool { return s.Byte()&1 == 1 }

// Below is a number from 0 to n-1, for n from 1 to 256.
func (s *Script) Below(n int) int { return int(s.Byte()) % n }

// Bytes are the next n bytes, or as many as there are.
func (s *Script) Bytes(n int) []byte {
	n = min(n, len(s.rest))
	b := s.rest[:n:n]
	s.rest = s.rest[n:]
	return b
}

// edges are distances from something that matters, where mistakes are made.
var edges = [...]int64{0, -1, 1, -2, 2, -7, 9, 64}

// Near is an offset that has to do with a size: close to its start, its end, or
// to a page's border, or somewhere within. It may be negative and beyond size.
func (s *Script) Near(size, page int64) int64 {
	how, edge := s.Byte(), edges[s.Byte()%byte(len(edges))]
	part := int64(how>>3) + 1 // 1 to 32
	switch how & 7 {
	case 0:
		return edge
	case 1, 2:
		return size + edge
	case 3:
		return (part-1)%8*page + edge
	case 4:
		return size/page*page + edge
	default:
		return size*part/32 + edge
	}
}

// extremes are the numbers at which an addition or a conversion goes wrong.
var extremes = [...]int64{
	math.MinInt64, math.MinInt64 + 1, math.MinInt32, -1, 0, 1,
	math.MaxInt32, math.MaxInt32 + 1, math.MaxInt64 - 4096, math.MaxInt64 - 1, math.MaxInt64,
}

// Int64 is a number that has to do with a size (see Near), one of the extremes,
// or any.
func (s *Script) Int64(size, page int64) int64 {
	switch s.Byte() % 4 {
	case 0:
		return extremes[s.Below(len(extremes))]
	case 1, 2:
		return s.Near(size, page)
	}
	var b [8]byte
	copy(b[:], s.Bytes(len(b)))
	return int64(binary.LittleEndian.Uint64(b[:]))
}
