package lifecycle

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
)

// actor is a goroutine that carries out one command after the other, each at the
// top of its stack of views. Every command is answered once, wherever the
// control flow went meanwhile.
type actor struct {
	cmds chan func()
	done chan struct{}

	// What follows is the goroutine's while it carries out a command, and the
	// sequence's between two.
	base     bool // the mode of faults outside of views
	frames   []frame
	ended    []ending // views that ended in this command, the innermost first
	leave    bool     // the innermost view is to return
	result   error    // what its callback is to return
	panicked any      // what came through all views
	exited   bool     // runtime.Goexit did
	wrong    error    // a mode of faults that was not restored
}

// frame is a view that runs.
type frame struct {
	h        *handle
	from, to int64
	b        []byte
}

// ending is a view that returned, or refused to run.
type ending struct {
	h       *handle
	entered bool
	err     error
}

var (
	errCallback = errors.New("returned by the callback")
	errPanic    = errors.New("thrown by the callback")
)

func newActor() *actor {
	a := &actor{cmds: make(chan func()), done: make(chan struct{})}
	go a.live()
	return a
}

// do lets the actor carry out a command, and returns when it is answered.
func (a *actor) do(cmd func()) error {
	a.ended, a.panicked, a.exited = a.ended[:0], nil, false
	a.cmds <- cmd
	<-a.done
	return a.wrong
}

// live serves until there are no more commands; the next goroutine takes over
// from one that exits.
func (a *actor) live() {
	for a.session() {
	}
}

// session serves until a panic comes through, which it catches.
func (a *actor) session() (more bool) {
	returned := false
	defer func() {
		a.panicked = recover()
		if returned {
			return
		}
		a.exited = a.panicked == nil
		a.frames = a.frames[:0]
		a.checkMode("after what came through all views")
		if a.exited {
			go a.live()
		}
		more = true
		a.done <- struct{}{}
	}()
	debug.SetPanicOnFault(a.base)
	a.serve()
	returned = true
	return false
}

// serve carries out commands until one makes the innermost view return, whose
// end is the answer then.
func (a *actor) serve() {
	for cmd := range a.cmds {
		cmd()
		if a.leave {
			a.leave = false
			return
		}
		a.checkMode("after a command")
		a.done <- struct{}{}
	}
}

// view enters a view and serves inside. The command is over when it is entered,
// and what ends it is another.
func (a *actor) view(f frame, whole bool) {
	depth := len(a.frames)
	entered := false
	callback := func(b []byte) error {
		entered = true
		f.b = b //guardvet:ignore lentescape the frame is popped before the callback returns
		a.frames = append(a.frames, f)
		a.checkMode("inside a view")
		a.done <- struct{}{}
		a.serve()
		return a.result
	}
	var err error
	if whole {
		err = f.h.d.View(callback)
	} else {
		err = f.h.d.ViewRange(f.from, f.to-f.from, callback)
	}
	a.frames = a.frames[:depth]
	a.ended = append(a.ended, ending{f.h, entered, err})
}

// checkMode compares the mode of faults with the one there has to be: the
// library's inside a view, the program's outside.
func (a *actor) checkMode(when string) {
	want := a.base || len(a.frames) > 0
	old := debug.SetPanicOnFault(want)
	if old != want && a.wrong == nil {
		a.wrong = fmt.Errorf("%s: faults are panics: %v, want %v", when, old, want)
	}
}

// setBase changes the program's own mode; not inside a view.
func (a *actor) setBase(on bool) {
	a.base = on
	debug.SetPanicOnFault(on)
}

// The ways to leave a view.

func (a *actor) returns(err error) { a.leave, a.result = true, err }
func (a *actor) panics()           { panic(errPanic) }
func (a *actor) exits()            { runtime.Goexit() }

// derefs uses a nil pointer, which is not a fault of anybody's bytes.
func (a *actor) derefs() {
	var p *[8]byte
	a.result = fmt.Errorf("%d", p[len(a.frames)&7]) //nolint:govet // the panic is the purpose
}
