package lifecycle

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/fuzzers/internal/model"
	"github.com/mmapguard/go/fuzzers/internal/peer"
	"github.com/mmapguard/go/fuzzers/internal/script"
)

// The bounds of a sequence.
const (
	maxSteps   = 48
	maxHandles = 6
	maxPages   = 5 // of the file at first
)

// world is what a sequence acts on.
type world struct {
	*Env
	*script.Script
	a *actor // whose turn it is

	current *inode // that the name leads to; nil if there is none
	inodes  []*inode
	handles []*handle
	slots   [3]slot
	buf     []byte

	collected bool // the collector has run

	tracing bool
	trace   []string
}

// slot is what the other process holds of a file.
type slot struct {
	ino   *inode
	count *int // that it is in
	lease bool
	n     int64 // bytes of a map
}

// Run runs the sequence of an input. The error is a finding, and tells the steps
// that led to it; the environment can not be used any more then.
func (e *Env) Run(input []byte) error {
	err := e.run(input)
	if err == nil {
		kept := bytes.Clone(input)
		return e.account.After(kept, func() error { return e.run(kept) })
	}
	return fmt.Errorf("%w\n%s", err, story(input))
}

// story runs a sequence again, in an environment of its own, and tells its
// steps.
func story(input []byte) string {
	e, err := New()
	if err != nil {
		return "no second run: " + err.Error()
	}
	w := e.world(input)
	w.tracing = true
	err = w.run()
	verdict := "steps of a second run, which came to the same:\n"
	if err == nil {
		verdict = "steps of a second run, in which nothing was wrong:\n"
	}
	return verdict + strings.Join(w.trace, "\n")
}

func (e *Env) run(input []byte) error { return e.world(input).run() }

func (e *Env) world(input []byte) *world {
	return &world{Env: e, Script: script.New(input), buf: e.buf}
}

func (w *world) run() error {
	if err := w.begin(); err != nil {
		return err
	}
	for range maxSteps {
		if w.Done() {
			break
		}
		if err := w.step(); err != nil {
			return err
		}
	}
	return w.finish()
}

// begin reads the settings and makes the file.
func (w *world) begin() error {
	settings := w.Byte()
	for i, a := range w.actors {
		on := settings&(1<<i) != 0
		if err := a.do(func() { a.setBase(on) }); err != nil {
			return err
		}
	}
	return w.create(w.size(), w.Byte())
}

// size is that of a new file.
func (w *world) size() int64 {
	return min(max(w.Near(maxPages*model.Page, model.Page), 0), maxPages*model.Page)
}

// note tells a step, in a run that is told.
func (w *world) note(format string, args ...any) {
	if w.tracing {
		w.trace = append(w.trace, fmt.Sprintf("%3d. ", len(w.trace)+1)+fmt.Sprintf(format, args...))
	}
}

// step does one operation.
func (w *world) step() error {
	b := w.Byte()
	w.a = w.actors[b>>7]
	return choose(b).do(w)
}

// finish ends what runs and closes what is open, after which nothing may be
// left: no lock, no lease, no readable slice.
func (w *world) finish() error {
	for _, a := range w.actors {
		w.a = a
		for len(a.frames) > 0 {
			if err := w.endView(0); err != nil {
				return err
			}
		}
	}
	for _, h := range w.handles {
		if err := w.close(h); err != nil {
			return err
		}
	}
	for i := range w.slots {
		if err := w.release(i); err != nil {
			return err
		}
	}
	return w.leaveFiles()
}

func (w *world) leaveFiles() error {
	var errs []error
	for _, i := range w.inodes {
		errs = append(errs, i.unheld())
	}
	if w.current != nil {
		errs = append(errs, w.unleased(), unix.Unlink(w.path))
	}
	for _, i := range w.inodes {
		errs = append(errs, i.forget())
	}
	return errors.Join(errs...)
}

// unheld checks that nobody has a lock on the file any more.
func (i *inode) unheld() error {
	if i.ref < 0 {
		return nil
	}
	if err := unix.Flock(i.ref, unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return fmt.Errorf("a lock outlived all handles: %w", err)
	}
	return nil
}

// unleased checks that nobody has a lease on it.
func (w *world) unleased() error {
	fd, err := unix.Open(w.path, unix.O_WRONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("a lease outlived all handles: %w", err)
	}
	return unix.Close(fd)
}

func (i *inode) forget() error {
	if i.ref < 0 {
		return nil
	}
	fd := i.ref
	i.ref = -1
	return unix.Close(fd)
}

// order gives the other process an order.
func (w *world) order(o peer.Order) (unix.Errno, error) {
	errno, err := w.peer.Do(o)
	if w.tracing {
		w.note("the other process: %v off %d n %d seed %d slot %d: %v", o.Op, o.Off, o.N, o.Seed, o.Slot, answerText(errno))
	}
	return errno, err
}

func answerText(errno unix.Errno) string {
	if errno == 0 {
		return "done"
	}
	return errno.Error()
}

// must gives an order that has to succeed.
func (w *world) must(o peer.Order) error {
	errno, err := w.order(o)
	if err == nil && errno != 0 {
		return fmt.Errorf("the other process: %v at %d, %d bytes: %w", o.Op, o.Off, o.N, errno)
	}
	return err
}
