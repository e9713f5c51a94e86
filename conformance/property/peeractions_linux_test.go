package property

import (
	"golang.org/x/sys/unix"
	"pgregory.net/rapid"
)

// The actions of the other process, which knows of no locks.

func (w *world) createFile(t *rapid.T) {
	if w.current != nil {
		t.Skip("there is a file")
	}
	n, seed := drawSize(t), drawSeed(t)
	w.expect(t, order{Op: "create", Path: w.path, N: n, Seed: seed}, nil, 0)
	w.appear(t, pattern(seed, 0, n))
}

// strike lets the other process open the file for writing and change it.
func (w *world) strike(t *rapid.T, o order, change func(i *inode)) {
	i := w.file(t)
	o.Path = w.path
	w.expect(t, o, i, 0)
	w.breakLeases(i)
	change(i)
}

func (w *world) truncate(t *rapid.T) {
	n := rapid.Int64Range(0, w.file(t).size()+2*page).Draw(t, "size")
	w.strike(t, order{Op: "truncate", N: n}, func(i *inode) { i.resize(n) })
}

func (w *world) write(t *rapid.T) {
	o := order{Op: "write", Off: rapid.Int64Range(0, w.file(t).size()+page).Draw(t, "off"), N: drawSize(t), Seed: drawSeed(t)}
	w.strike(t, o, func(i *inode) { i.put(o.Off, pattern(o.Seed, o.Off, o.N)) })
}

// rewriteAll replaces every byte, in place: the size tells nothing.
func (w *world) rewriteAll(t *rapid.T) {
	o := order{Op: "write", N: w.file(t).size(), Seed: drawSeed(t)}
	w.strike(t, o, func(i *inode) { i.put(0, pattern(o.Seed, 0, o.N)) })
}

func (w *world) appendBytes(t *rapid.T) {
	o := order{Op: "append", N: rapid.Int64Range(0, 2*page).Draw(t, "n"), Seed: drawSeed(t)}
	w.strike(t, o, func(i *inode) { i.put(i.size(), pattern(o.Seed, 0, o.N)) })
}

func (w *world) truncateAndWrite(t *rapid.T) {
	o := order{Op: "otrunc", N: drawSize(t), Seed: drawSeed(t)}
	w.strike(t, o, func(i *inode) {
		i.resize(0)
		i.put(0, pattern(o.Seed, 0, o.N))
	})
}

func (w *world) punch(t *rapid.T) {
	size := w.file(t).size()
	o := order{Op: "punch", Off: rapid.Int64Range(0, size).Draw(t, "off"), N: rapid.Int64Range(1, size+1).Draw(t, "n")}
	w.strike(t, o, func(i *inode) { i.zero(o.Off, o.N) })
}

func (w *world) replace(t *rapid.T) {
	n, seed := drawSize(t), drawSeed(t)
	w.expect(t, order{Op: "replace", Path: w.path, N: n, Seed: seed}, w.current, 0)
	w.disappear()
	w.appear(t, pattern(seed, 0, n))
}

func (w *world) unlink(t *rapid.T) {
	if !oneIn(t, 3, "really") {
		t.Skip("a sequence without a file shows little")
	}
	w.expect(t, order{Op: "unlink", Path: w.path}, w.file(t), 0)
	w.disappear()
}

// take adds something that the other process holds.
func (w *world) take(s *slot) {
	*s.held++
	w.slots[w.next] = s
	w.next++
}

// maxSlots bounds what is held, so that most files can be had most of the time.
const maxSlots = 2

func (w *world) freeSlot(t *rapid.T) *inode {
	if len(w.slots) >= maxSlots {
		t.Skip("enough is held")
	}
	return w.file(t)
}

func (w *world) holdOpen(t *rapid.T) {
	i := w.freeSlot(t)
	w.expect(t, order{Op: "hold", Path: w.path, Slot: w.next}, i, 0)
	w.breakLeases(i)
	w.take(&slot{inode: i, held: &i.writers})
}

func (w *world) mapWritable(t *rapid.T) {
	i := w.freeSlot(t)
	n := i.size()
	if n == 0 {
		t.Skip("nothing to map")
	}
	w.expect(t, order{Op: "map", Path: w.path, Slot: w.next, N: n}, i, 0)
	w.breakLeases(i)
	w.take(&slot{inode: i, held: &i.writers, mapped: n})
}

// slot draws one of those held that will do.
func (w *world) slot(t *rapid.T, suits func(s *slot) bool) int {
	var all []int
	for n := range w.next {
		if s := w.slots[n]; s != nil && suits(s) {
			all = append(all, n)
		}
	}
	if len(all) == 0 {
		t.Skip("nothing held")
	}
	return rapid.SampledFrom(all).Draw(t, "slot")
}

// store changes the file through a writable map, where the file still is.
func (w *world) store(t *rapid.T) {
	n := w.slot(t, func(s *slot) bool { return min(s.mapped, s.size()) > 0 })
	s := w.slots[n]
	end := min(s.mapped, s.size())
	o := order{Op: "store", Slot: n, Off: rapid.Int64Range(0, end-1).Draw(t, "off"), Seed: drawSeed(t)}
	o.N = rapid.Int64Range(1, end-o.Off).Draw(t, "n")
	w.expect(t, o, s.inode, 0)
	s.put(o.Off, pattern(o.Seed, o.Off, o.N))
}

// lock asks for a lock, which the locks of this process's handles and of the
// other's own keep it from getting.
func (w *world) lock(t *rapid.T) {
	i := w.freeSlot(t)
	o, held, refused := order{Op: "lock-exclusive", Path: w.path, Slot: w.next}, &i.exclusive, i.exclusive+i.shared+i.flocked > 0
	if rapid.Bool().Draw(t, "shared") {
		o.Op, held, refused = "lock-shared", &i.shared, i.exclusive > 0
	}
	if refused {
		w.expect(t, o, i, unix.EWOULDBLOCK)
		return
	}
	w.expect(t, o, i, 0)
	w.take(&slot{inode: i, held: held})
}

func (w *world) release(t *rapid.T) {
	n := w.slot(t, func(*slot) bool { return true })
	w.expect(t, order{Op: "release", Slot: n}, w.slots[n].inode, 0)
	*w.slots[n].held--
	delete(w.slots, n)
}
