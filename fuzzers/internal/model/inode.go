package model

import "os"

// Page is the size of a memory page in bytes.
var Page = int64(os.Getpagesize())

// Inode is a file as far as its bytes go.
type Inode struct{ Content []byte }

// Size is the file's size in bytes.
func (i *Inode) Size() int64 { return int64(len(i.Content)) }

// Resize is truncate(2): bytes that come are zero.
func (i *Inode) Resize(n int64) {
	if n <= i.Size() {
		i.Content = i.Content[:n:n]
		return
	}
	i.Content = append(i.Content[:i.Size():i.Size()], make([]byte, n-i.Size())...)
}

// Put is pwrite(2): a gap before the bytes is zero.
func (i *Inode) Put(off int64, b []byte) {
	if len(b) == 0 {
		return
	}
	if end := off + int64(len(b)); end > i.Size() {
		i.Resize(end)
	}
	copy(i.Content[off:], b)
}

// Punch is fallocate(2) with FALLOC_FL_PUNCH_HOLE: the size stays.
func (i *Inode) Punch(off, n int64) {
	clear(i.Content[min(off, i.Size()):min(off+n, i.Size())])
}

// Visible is what a shared map shows of the bytes [from, to): the content, and
// zeros up to the end of its last page. What lies beyond faults (mmap(2)), and
// then there are no bytes. They are the file's own until its next change.
func (i *Inode) Visible(from, to int64) (b []byte, faults bool) {
	if to <= i.Size() {
		return i.Content[from:to:to], false
	}
	if to > i.Backed() && to > from {
		return nil, true
	}
	b = make([]byte, to-from)
	if from < i.Size() {
		copy(b, i.Content[from:])
	}
	return b, false
}

// Backed is the end of the last page that has a byte of the file.
func (i *Inode) Backed() int64 { return (i.Size() + Page - 1) / Page * Page }

// Pattern is n bytes from offset off of the content that a seed stands for.
// None is zero, so that a hole is never taken for content. Neighbouring offsets
// and seeds have nothing in common, so that no place is taken for another; the
// content repeats itself after patternSize bytes.
func Pattern(seed byte, off, n int64) []byte {
	b := make([]byte, n)
	at := (off + int64(seed)*seedStep) % patternSize
	for rest := b; len(rest) > 0; at = 0 {
		rest = rest[copy(rest, pattern[at:]):]
	}
	return b
}

// The seeds are parts of one long pattern, which is made once: making it anew
// would take longer than all that is done with it.
const (
	patternSize = 1 << 18
	seedStep    = 1021 // a prime, so that no seed begins at the same place of a page
)

var pattern = func() (p [patternSize]byte) {
	x := uint64(1)
	for i := range p {
		x = x*6364136223846793005 + 1442695040888963407 // Knuth's generator, MMIX
		p[i] = byte(x>>56)%255 + 1
	}
	return p
}()
