package model

import (
	"fmt"
	"math"
	"slices"

	"github.com/mmapguard/go/fuzzers/internal/script"
	"github.com/mmapguard/go/mmapguard"
)

// Request is what a caller asks of an open.
type Request struct {
	Guarantee        mmapguard.Guarantee
	Mechanisms       []mmapguard.Mechanism
	MaxSize, MaxCopy int64
	Ranged           bool
	Off, N           int64
	Populate         bool
	Sequential       bool
	Random           bool
}

// Plain is the request without any option.
func Plain() Request {
	return Request{MaxSize: mmapguard.NoLimit, MaxCopy: mmapguard.DefaultMaxCopy}
}

// The bits of the byte that says which options there are.
const (
	withMechanisms = 1 << (2 + iota) // the lowest two bits are the guarantee
	withRange
	withMaxSize
	withMaxCopy
	withPopulate
	withHints
)

// mechanisms lists what WithMechanisms takes; the last exists nowhere.
var mechanisms = []mmapguard.Mechanism{
	mmapguard.MechanismFlock, mmapguard.MechanismLease, mmapguard.MechanismReflink, mmapguard.MechanismLeasedCopy,
	mmapguard.MechanismCheckedCopy, mmapguard.MechanismSealedMemfd, mmapguard.MechanismHeap, "telepathy",
}

// Decode reads a request on a file of about the given size.
func Decode(s *script.Script, size int64) Request {
	r := Plain()
	options := s.Byte()
	r.Guarantee = mmapguard.Guarantee(options & 3)
	if options&withMechanisms != 0 {
		r.Mechanisms = decodeMechanisms(s)
	}
	if options&withRange != 0 {
		r.Ranged, r.Off, r.N = true, s.Near(size, Page), s.Near(size, Page)
	}
	if options&withMaxSize != 0 {
		r.MaxSize = s.Near(size, Page)
	}
	if options&withMaxCopy != 0 {
		r.MaxCopy = s.Near(size, Page)
	}
	r.Populate = options&withPopulate != 0
	if options&withHints != 0 {
		hints := s.Byte()
		r.Sequential, r.Random = hints&1 != 0, hints&2 != 0
	}
	return r
}

// decodeMechanisms takes a bit for each; none at all means no restriction.
func decodeMechanisms(s *script.Script) []mmapguard.Mechanism {
	var list []mmapguard.Mechanism
	bits := s.Byte()
	for i, m := range mechanisms {
		if bits&(1<<i) != 0 {
			list = append(list, m)
		}
	}
	return list
}

// Options are the request as the library takes it.
func (r Request) Options() []mmapguard.Option {
	opts := []mmapguard.Option{mmapguard.WithGuarantee(r.Guarantee)}
	add := func(wanted bool, o mmapguard.Option) {
		if wanted {
			opts = append(opts, o)
		}
	}
	add(r.Mechanisms != nil, mmapguard.WithMechanisms(r.Mechanisms...))
	add(r.MaxSize != mmapguard.NoLimit, mmapguard.WithMaxSize(r.MaxSize))
	add(r.MaxCopy != mmapguard.DefaultMaxCopy, mmapguard.WithMaxCopy(r.MaxCopy))
	add(r.Ranged, mmapguard.WithRange(r.Off, r.N))
	add(r.Populate, mmapguard.WithPopulate())
	add(r.Sequential, mmapguard.WithSequential())
	add(r.Random, mmapguard.WithRandom())
	return opts
}

func (r Request) String() string {
	text := r.Guarantee.String()
	if len(r.Mechanisms) > 0 {
		text += fmt.Sprintf(" by %v", r.Mechanisms)
	}
	if r.Ranged {
		text += fmt.Sprintf(" range(%d, %d)", r.Off, r.N)
	}
	if r.MaxSize != mmapguard.NoLimit {
		text += fmt.Sprintf(" max-size %d", r.MaxSize)
	}
	if r.MaxCopy != mmapguard.DefaultMaxCopy {
		text += fmt.Sprintf(" max-copy %d", r.MaxCopy)
	}
	if r.Populate {
		text += " populate"
	}
	return text
}

// Span is the part of a file that is asked for.
func (r Request) Span(size int64) (from, to int64) {
	if !r.Ranged {
		return 0, size
	}
	return r.Off, r.Off + r.N
}

// valid tells whether the request makes sense on any file.
func (r Request) valid() bool {
	for _, m := range r.Mechanisms {
		if m == "telepathy" {
			return false
		}
	}
	inRange := !r.Ranged || r.Off >= 0 && r.N > 0 && r.Off <= math.MaxInt64-r.N
	return inRange && r.MaxSize >= mmapguard.NoLimit && r.MaxCopy >= mmapguard.NoLimit
}

func (r Request) allows(m mmapguard.Mechanism) bool {
	return len(r.Mechanisms) == 0 || slices.Contains(r.Mechanisms, m)
}
