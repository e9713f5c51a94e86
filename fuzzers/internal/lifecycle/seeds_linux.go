package lifecycle

import (
	"maps"
	"slices"
)

// seed writes an input by the names of its operations, each followed by its
// bytes.
type seed []byte

// file begins an input: no settings, and a file of so many pages, from 0 to 5.
func file(pages byte) seed { return seed{0, 3 | (pages%8)<<3, 0, 7} }

func (s seed) op(name string, args ...byte) seed {
	i := slices.IndexFunc(ops, func(o op) bool { return o.name == name })
	if i < 0 {
		panic("no operation " + name)
	}
	return append(append(s, opsFrom+byte(i)), args...)
}

// other gives the operation to the second actor.
func (s seed) other(name string, args ...byte) seed {
	at := len(s)
	s = s.op(name, args...)
	s[at] |= 0x80
	return s
}

// The arguments that the seeds use, as the operations read them.
const (
	cooperative, enforced, isolated, immutable byte = 0, 1, 2, 3

	all       byte = 1 // of a view
	start     byte = 0 // Near: the start of something
	atEnd     byte = 1 // Near: its end
	plainly   byte = 0 // no distance from there
	intoPages byte = 3 // Near: a page's border, the page in the bits from 8 on
)

// named are inputs that each do one thing. They show a fuzzer what there is to
// combine; what was a finding is among the files of testdata.
var named = map[string]seed{
	"close-inside-view":     file(2).op("open-plain", cooperative).op("view", 0, all).op("close", 0).op("touch", 0, start, plainly).op("leave"),
	"close-in-other-view":   file(2).op("open-plain", enforced).op("view", 0, all).other("close", 0).op("touch", 0, start, plainly).op("leave", 1),
	"panic-through-views":   file(1).op("open-plain", isolated).op("view", 0, all).op("view", 0, all).op("abandon", 0),
	"goexit-through-view":   file(1).op("open-plain", immutable).op("view", 0, all).op("abandon", 1),
	"fault-in-view":         file(2).op("open-plain", cooperative).op("view", 0, all).op("truncate", start, plainly).op("touch", 0, start, plainly),
	"fault-of-outer-view":   file(4).op("open-plain", cooperative).op("view", 0, all).op("view", 0, 0, intoPages|3<<3, plainly, intoPages|1<<3, plainly).op("truncate", intoPages|1<<3, plainly).op("touch", 0, intoPages|2<<3, plainly),
	"writer-breaks-lease":   file(3).op("open-plain", enforced).op("write", start, plainly, 64, 9).op("read-at", 0, start, plainly, atEnd, plainly),
	"writer-comes-to-range": file(3).op("open", 0, enforced|withRange, intoPages|1<<3, plainly, intoPages|1<<3, plainly).op("append", 9, 9).op("read-at", 0, start, plainly, atEnd, plainly),
	"bytes-then-collect":    file(1).op("open-plain", cooperative).op("bytes", 0).op("collect", 0, 'c'),
	"collect-without-close": file(1).op("open-plain", enforced).op("collect", 0, 'c'),
	"replaced-under-handle": file(1).op("open-plain", cooperative).op("replace", atEnd, plainly, 3).op("changed", 0).op("open-plain", isolated),
	"stores-of-a-map":       file(2).op("map").op("open-plain", cooperative).op("store", 0, start, plainly, 99, 5).op("changed", 0),
	"locked-by-other":       file(1).op("lock-exclusive").op("open-plain", isolated).op("release", 0).op("lock-shared").op("open-plain", cooperative),
	"writes-to-file":        file(4).op("open-plain", cooperative).op("seek", 0, 0, start, plainly).op("truncate", intoPages|1<<3, plainly).op("write-to-file", 0),
}

// withRange is the bit of a request's options (see model.Decode).
const withRange = 1 << 3

// Seeds are the inputs that a fuzzer starts from.
func Seeds() [][]byte {
	var list [][]byte
	for _, name := range slices.Sorted(maps.Keys(named)) {
		list = append(list, named[name])
	}
	return list
}
