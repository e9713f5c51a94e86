package model

import (
	"os"
	"slices"
)

// Page is the size of a memory page in bytes.
var Page = int64(os.Getpagesize())

// Inode is a file as far as its bytes go.
type Inode struct{ Content []byte }

// Size is the file's size in bytes.
func (i *Inode) Size() int64 { return int64(len(i.Content)) }

// Resize is truncate(2): bytes that come are zero.
func (i *Inode) Resize(n int64) {
	if n <= i.Size() {
		i.Content = slices.Clip(i.Content[:n])
		return
	}
	i.Content = append(slices.Clip(i.Content), make([]byte, n-i.Size())...)
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
// then there are no bytes.
func (i *Inode) Visible(from, to int64) (b []byte, faults bool) {
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
// None is zero, so that a hole is never taken for content, and neighbours of the
// same page differ, so that no offset is taken for another.
func Pattern(seed byte, off, n int64) []byte {
	b := make([]byte, n)
	for i := range b {
		x := uint64(off+int64(i)) ^ uint64(seed)<<40 //nolint:gosec // an offset is not negative
		x *= 0x9e3779b97f4a7c15
		b[i] = byte(x>>56)%255 + 1 //nolint:gosec // the highest byte
	}
	return b
}
