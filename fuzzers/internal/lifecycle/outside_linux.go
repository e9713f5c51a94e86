package lifecycle

import (
	"bytes"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/fuzzers/internal/model"
	"github.com/mmapguard/go/fuzzers/internal/peer"
)

// The operations of the other process.

// create makes a new file where there is none.
func (w *world) create(n int64, seed byte) error {
	if w.current != nil {
		return nil
	}
	if err := w.must(peer.Order{Op: peer.Create, N: n, Seed: seed}); err != nil {
		return err
	}
	return w.appear(model.Pattern(seed, 0, n))
}

// appear notes that the name leads to a new file.
func (w *world) appear(content []byte) error {
	w.current = &inode{Inode: model.Inode{Content: content}, linked: true, ref: -1}
	w.inodes = append(w.inodes, w.current)
	return w.refer(w.current)
}

// refer sees to it that the file can be asked for its times, and mapped when its
// name is gone.
func (w *world) refer(i *inode) (err error) {
	if i.ref < 0 && i.linked && !i.writeLeased {
		if i.ref, err = unix.Open(w.path, unix.O_RDONLY|unix.O_CLOEXEC, 0); err != nil {
			return fmt.Errorf("opening the file for its times: %w", err)
		}
	}
	return nil
}

// strike lets the other process open the file for writing and change it, or take
// its name. All leases end before.
func (w *world) strike(o peer.Order, change func(i *inode)) error {
	i := w.current
	if i == nil {
		return nil
	}
	if err := w.must(o); err != nil {
		return err
	}
	w.peerDropsLeases()
	if o.Op != peer.Unlink && o.Op != peer.Replace {
		w.breakLeases(i)
	}
	change(i)
	if err := w.refer(i); err != nil {
		return err
	}
	return w.checkAll()
}

// breakLeases notes that no handle depends on the file any more but those that
// share it.
func (w *world) breakLeases(i *inode) {
	for _, h := range w.handles {
		if h.ino == i {
			h.leased = false
		}
	}
}

// peerDropsLeases notes what the other process does before it opens for writing.
func (w *world) peerDropsLeases() {
	for i := range w.slots {
		if w.slots[i].lease {
			w.slots[i].ino.writeLeased = false
			w.slots[i] = slot{}
		}
	}
}

// checkAll compares all handles with the model.
func (w *world) checkAll() error {
	for _, h := range w.handles {
		if h.closed {
			continue
		}
		if err := h.readAll(w.room(h.n)); err != nil {
			return err
		}
	}
	return nil
}

// room is a buffer of n bytes that hold nothing of what was read before.
func (w *world) room(n int64) []byte {
	if n > int64(cap(w.buf)) {
		w.buf = make([]byte, 0, n)
	}
	b := w.buf[:n]
	for rest := b; len(rest) > 0; {
		rest = rest[copy(rest, litter):]
	}
	return b
}

// litter is what buffers hold before.
var litter = bytes.Repeat([]byte{0xa5}, 4096)

func (w *world) createFile() error { return w.create(w.size(), w.Byte()) }

// near is an offset in the file, or a little beyond.
func (w *world) near() int64 {
	size := int64(0)
	if w.current != nil {
		size = w.current.Size()
	}
	return min(max(w.Near(size, model.Page), 0), (maxPages+2)*model.Page)
}

func (w *world) truncate() error {
	n := w.near()
	return w.strike(peer.Order{Op: peer.Truncate, N: n}, func(i *inode) { i.Resize(n) })
}

func (w *world) write() error {
	o := peer.Order{Op: peer.Write, Off: w.near(), N: int64(w.Byte()), Seed: w.Byte()}
	return w.strike(o, func(i *inode) { i.Put(o.Off, model.Pattern(o.Seed, o.Off, o.N)) })
}

func (w *world) appendBytes() error {
	o := peer.Order{Op: peer.Append, N: int64(w.Byte()), Seed: w.Byte()}
	return w.strike(o, func(i *inode) { i.Put(i.Size(), model.Pattern(o.Seed, 0, o.N)) })
}

// rewrite replaces all bytes in place.
func (w *world) rewrite() error {
	o := peer.Order{Op: peer.Rewrite, N: w.near(), Seed: w.Byte()}
	return w.strike(o, func(i *inode) { i.Content = model.Pattern(o.Seed, 0, o.N) })
}

func (w *world) punch() error {
	o := peer.Order{Op: peer.Punch, Off: w.near(), N: 1 + int64(w.Byte())*64}
	return w.strike(o, func(i *inode) { i.Punch(o.Off, o.N) })
}

func (w *world) replace() error {
	o := peer.Order{Op: peer.Replace, N: w.near(), Seed: w.Byte()}
	if w.current == nil {
		return nil
	}
	if err := w.strike(o, func(i *inode) { i.linked = false }); err != nil {
		return err
	}
	return w.appear(model.Pattern(o.Seed, 0, o.N))
}

func (w *world) unlink() error {
	return w.strike(peer.Order{Op: peer.Unlink}, func(i *inode) {
		i.linked = false
		w.current = nil
	})
}

// slot is an empty one of the other process's, or -1.
func (w *world) slot() int {
	for i := range w.slots {
		if w.slots[i].ino == nil {
			return i
		}
	}
	return -1
}

// hold lets the other process keep the file open for writing, or mapped.
func (w *world) hold() error { return w.holdBy(peer.Hold, 0) }

func (w *world) mapWritable() error {
	if w.current == nil || w.current.Size() == 0 {
		return nil
	}
	return w.holdBy(peer.Map, w.current.Size())
}

func (w *world) holdBy(op peer.Op, n int64) error {
	s := w.slot()
	if s < 0 {
		return nil
	}
	return w.strike(peer.Order{Op: op, Slot: byte(s), N: n}, func(i *inode) {
		i.writers++
		w.slots[s] = slot{ino: i, count: &i.writers, n: n}
	})
}

// store changes bytes through a map, which no lease or time tells of.
func (w *world) store() error {
	s := w.slots[w.Below(len(w.slots))]
	if s.n == 0 {
		return nil
	}
	off := min(w.near(), s.n, s.ino.Size())
	o := peer.Order{Op: peer.Store, Slot: w.slotOf(s), Off: off, N: min(int64(w.Byte()), s.n-off, s.ino.Size()-off), Seed: w.Byte()}
	if err := w.must(o); err != nil {
		return err
	}
	s.ino.Put(o.Off, model.Pattern(o.Seed, o.Off, o.N))
	return w.checkAll()
}

func (w *world) slotOf(s slot) byte {
	for i := range w.slots {
		if w.slots[i] == s {
			return byte(i)
		}
	}
	return 0
}

// Locks: the other process gets one just if no handle and no lock of its own is
// in the way.

func (w *world) lockShared() error {
	return w.lockBy(peer.LockShared, func(i *inode) (bool, *int) { return i.exclusive == 0, &i.shared })
}

func (w *world) lockExclusive() error {
	return w.lockBy(peer.LockExcl, func(i *inode) (bool, *int) {
		return i.exclusive+i.shared+i.flocked == 0, &i.exclusive
	})
}

func (w *world) lockBy(op peer.Op, judge func(i *inode) (free bool, count *int)) error {
	i, s := w.current, w.slot()
	if i == nil || s < 0 {
		return nil
	}
	errno, err := w.order(peer.Order{Op: op, Slot: byte(s)})
	if err != nil {
		return err
	}
	free, count := judge(i)
	free = free && !i.writeLeased // then the file does not even open
	if free != (errno == 0) || !free && errno != unix.EWOULDBLOCK {
		return fmt.Errorf("%v: %v, with %d handles, %d shared and %d exclusive locks on the file", op, answerText(errno), i.flocked, i.shared, i.exclusive)
	}
	if free {
		*count++
		w.slots[s] = slot{ino: i, count: count}
	}
	return nil
}

// Leases of the other process: whether it gets one is the kernel's to say.

func (w *world) leaseRead() error { return w.leaseBy(peer.LeaseRead) }

func (w *world) leaseWrite() error {
	if w.current == nil || w.slot() < 0 {
		return nil
	}
	// The kernel gives it to the only one who has the file open.
	if err := w.current.forget(); err != nil {
		return err
	}
	if err := w.leaseBy(peer.LeaseWrite); err != nil {
		return err
	}
	return w.refer(w.current)
}

func (w *world) leaseBy(op peer.Op) error {
	i, s := w.current, w.slot()
	if i == nil || s < 0 {
		return nil
	}
	errno, err := w.order(peer.Order{Op: op, Slot: byte(s)})
	if err != nil {
		return err
	}
	if op == peer.LeaseWrite {
		w.peerDropsLeases()
	}
	if errno == 0 {
		i.writeLeased = op == peer.LeaseWrite
		w.slots[s] = slot{ino: i, count: new(int), lease: true}
	}
	return nil
}

func (w *world) releaseSlot() error { return w.release(w.Below(len(w.slots))) }

func (w *world) release(s int) error {
	held := w.slots[s]
	if held.ino == nil {
		return nil
	}
	if err := w.must(peer.Order{Op: peer.Release, Slot: byte(s)}); err != nil {
		return err
	}
	*held.count--
	if held.lease {
		held.ino.writeLeased = false
	}
	w.slots[s] = slot{}
	return w.refer(held.ino)
}
