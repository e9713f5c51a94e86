package property

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"
	"weak"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/mmapguard/go/mmapguard"
)

// world is what a random sequence acts on: one name, the files that it has led
// to, and the handles that are open, as they are and as the model knows them.
type world struct {
	fs    fileSystem
	peer  *process
	dir   string
	path  string
	stats *coverage
	outer *testing.T

	current *inode // that the name leads to; nil if there is no file
	inodes  []*inode
	handles []*handle
	slots   map[int]*slot // what the other process holds
	next    int           // slot

	before resources
	seen   []weak.Pointer[mmapguard.FileData] // all handles there ever were
}

// slot is something that the other process holds of a file until it releases it.
type slot struct {
	*inode
	held   *int  // the count that it is in
	mapped int64 // bytes of a map
}

// coverage counts what the sequences came to, over all of them.
type coverage struct {
	opened, refused map[string]int
	orders, breaks  int
}

func newWorld(t *rapid.T, outer *testing.T, fs fileSystem, peer *process, dir string, stats *coverage) *world { //nolint:thelper // the outer test is a parameter among others
	sub, err := os.MkdirTemp(dir, "world")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{fs: fs, peer: peer, dir: sub, path: filepath.Join(sub, "file"), stats: stats, outer: outer, slots: map[int]*slot{}}
	w.before = resourcesOf(outer, sub)
	w.createFile(t)
	return w
}

// order lets the other process do something to a file. While it does, all
// handles that rest on a lease are read without a pause: the lease may be
// broken at any moment.
func (w *world) order(t *rapid.T, o order, target *inode) unix.Errno {
	w.stats.orders++
	readers := w.readLeased(target)
	w.send(t, o)
	errno := w.receive(t)
	if wrong := readers.end(); wrong != "" {
		t.Fatalf("while the other process did %+v: %s", o, wrong)
	}
	return errno
}

func (w *world) send(t *rapid.T, o order) {
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	w.peer.tell(t, string(text))
}

func (w *world) receive(t *rapid.T) unix.Errno {
	var a answer
	line := w.peer.hear(t)
	if err := json.Unmarshal([]byte(line), &a); err != nil {
		t.Fatalf("the other process says %q: %v", line, err)
	}
	return a.Errno
}

// expect is order for what must come out as the model says.
func (w *world) expect(t *rapid.T, o order, target *inode, want unix.Errno) {
	if got := w.order(t, o, target); got != want {
		t.Fatalf("%+v: %v, want %v", o, got, want)
	}
}

// file is the file that the name leads to; an action that needs one is skipped
// without.
func (w *world) file(t *rapid.T) *inode {
	if w.current == nil {
		t.Skip("no file")
	}
	return w.current
}

// appear notes that the name leads to a new file.
func (w *world) appear(t *rapid.T, content []byte) {
	ref, err := os.Open(w.path)
	if err != nil {
		t.Fatal(err)
	}
	w.current = &inode{content: content, linked: true, ref: ref}
	w.inodes = append(w.inodes, w.current)
}

// disappear notes that the name leads nowhere, or elsewhere.
func (w *world) disappear() {
	if w.current != nil {
		w.current.linked = false
	}
	w.current = nil
}

// breakLeases notes that somebody opened a file for writing: no handle depends
// on it any more but for those that share it.
func (w *world) breakLeases(i *inode) {
	for _, h := range w.handles {
		if h.inode == i && h.leased {
			h.leased = false
			w.stats.breaks++
		}
	}
}

// finish ends a sequence: what was opened is closed, and nothing is left.
func (w *world) finish(t *rapid.T) {
	for _, h := range slices.Clone(w.handles) {
		if err := h.d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
	w.handles = nil
	for n := range w.slots {
		w.expect(t, order{Op: "release", Slot: n}, nil, 0)
	}
	for _, i := range w.inodes {
		if err := i.ref.Close(); err != nil {
			t.Error(err)
		}
	}
	if !t.Failed() { // or else the sequence ended in the middle of something
		if left := w.left(); left != "" {
			t.Errorf("left behind: %s", left)
		}
	}
	if err := os.RemoveAll(w.dir); err != nil {
		t.Error(err)
	}
}

// left says what there is more of than before the sequence. The collector, and
// goroutines that are about to end, get time.
func (w *world) left() string {
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		left := w.before.grown(resourcesOf(w.outer, w.dir))
		if left == "" {
			left = w.uncollected()
		}
		if left == "" || time.Now().After(deadline) {
			return left
		}
		runtime.GC()
	}
}

// uncollected counts the handles that something still refers to.
func (w *world) uncollected() string {
	w.seen = slices.DeleteFunc(w.seen, func(p weak.Pointer[mmapguard.FileData]) bool { return p.Value() == nil })
	if len(w.seen) > 0 {
		return fmt.Sprintf("%d handles", len(w.seen))
	}
	return ""
}
