package lifecycle

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/fuzzers/internal/class"
	"github.com/mmapguard/go/fuzzers/internal/model"
	"github.com/mmapguard/go/mmapguard"
)

// inode is a file with those who hold something of it.
type inode struct {
	model.Inode
	linked bool
	ref    int // a descriptor, or -1

	writers     int // of the other process: descriptors and maps
	shared      int // its locks
	exclusive   int
	writeLeased bool
	flocked     int // handles of this process that hold a lock
}

// handle is a handle with what the model knows of it.
type handle struct {
	d      *mmapguard.FileData
	reader *mmapguard.Reader
	pos    int64

	ino     *inode
	off, n  int64 // the part of the file
	frozen  []byte
	leased  bool // the file itself is shown, and nobody may write
	flocked bool // the file itself is shown
	opened  stamp
	delta   int64 // of the data in its map

	views  int
	closed bool
	raw    []byte // from Bytes
	stale  []byte // smuggled out of a view
}

func (h *handle) String() string {
	return fmt.Sprintf("%v handle by %v (%d bytes from %d)", h.d.Guarantee(), h.d.Mechanism(), h.n, h.off)
}

// released tells whether nothing may be left of the handle.
func (h *handle) released() bool { return h.closed && h.views == 0 }

// expected is what the data [from, to) are now, unless they fault.
func (h *handle) expected(from, to int64) (b []byte, faults bool) {
	if h.frozen != nil {
		return h.frozen[from:to], false
	}
	return h.ino.Visible(h.off+from, h.off+to)
}

// judge compares what a read of [from, to) gave.
func (h *handle) judge(what string, got []byte, err error, from, to int64) error {
	want, faults := h.expected(from, to)
	if faults {
		return h.faulted(what, err, from, to)
	}
	if err != nil {
		return fmt.Errorf("%v: %s of [%d, %d): %w", h, what, from, to, err)
	}
	if i := difference(got, want); i >= 0 {
		return fmt.Errorf("%v: %s of [%d, %d): wrong bytes from %d on: %x, want %x", h, what, from, to, from+int64(i), part(got, i), part(want, i))
	}
	return nil
}

// faulted checks the error for data that has a page beyond the file's end.
func (h *handle) faulted(what string, err error, from, to int64) error {
	var fault *mmapguard.FaultError
	if !errors.As(err, &fault) || class.Of(err) != class.Fault {
		return fmt.Errorf("%v: %s of [%d, %d) beyond the file's %d bytes: %v, want a *FaultError", h, what, from, to, h.ino.Size(), err)
	}
	at := h.off + fault.Offset
	if fault.Offset < from || fault.Offset >= to || at|(model.Page-1) < h.ino.Backed() {
		return fmt.Errorf("%v: %s of [%d, %d) faults at %d, want a page from %d on", h, what, from, to, fault.Offset, h.ino.Backed()-h.off)
	}
	return nil
}

// difference is where two slices first differ, or -1.
func difference(a, b []byte) int {
	if bytes.Equal(a, b) {
		return -1
	}
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// part is what a message shows of a slice.
func part(b []byte, from int) []byte { return b[from:min(from+16, len(b))] }

// readAll compares all data with the model.
func (h *handle) readAll(buf []byte) error {
	got := buf[:h.n]
	n, err := h.d.ReadAt(got, 0)
	return h.judge("ReadAt", got[:n], err, 0, h.n)
}

// dead checks that no slice of a released handle can be read.
func (h *handle) dead() error {
	for what, b := range map[string][]byte{"Bytes": h.raw, "a view": h.stale} {
		if len(b) > 0 && !faults(b) {
			return fmt.Errorf("%v: a slice from %s can be read after the end", h, what)
		}
	}
	return nil
}

// faults reads the first and the last byte.
func faults(b []byte) (faulted bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if err, ok := recover().(runtime.Error); ok {
			_, faulted = err.(interface{ Addr() uintptr })
		}
	}()
	runtime.KeepAlive(b[0] ^ b[len(b)-1])
	return false
}

// stamp is what the kernel says of a file that tells whether it changed.
type stamp struct {
	size         int64
	mtime, ctime unix.Timespec
}

func (i *inode) stamp() (stamp, error) {
	var st unix.Stat_t
	err := unix.Fstat(i.ref, &st)
	return stamp{st.Size, st.Mtim, st.Ctim}, err
}
