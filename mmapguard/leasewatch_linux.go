package mmapguard

import (
	"os"
	"os/signal"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// watch serves all leases of the process with one goroutine, which lives from
// the first lease to the last. The kernel announces a writer by SIGIO; because
// a program may have other plans with that signal, and because a pending one
// swallows the next, the leases are looked at now and then as well.
var watch = leaseWatch{leases: map[*leaseKeeper]struct{}{}}

type leaseWatch struct {
	mu     sync.Mutex
	leases map[*leaseKeeper]struct{}
	stop   chan struct{} // closed to end the goroutine; nil if there is none
	done   chan struct{} // closed by the goroutine
}

const (
	// watchPause is the least pause between two looks without a signal.
	watchPause = 20 * time.Millisecond
	// watchShare bounds what looking costs: a look at many leases that took a
	// while is followed by a pause this many times as long.
	watchShare = 20
)

func (w *leaseWatch) add(k *leaseKeeper) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.leases[k] = struct{}{}
	if w.stop == nil {
		w.stop, w.done = make(chan struct{}), make(chan struct{})
		signals := make(chan os.Signal, 1)
		signal.Notify(signals, unix.SIGIO)
		go w.run(signals, w.stop, w.done)
	}
}

// remove forgets a lease; with the last one the goroutine ends, and the signal
// is the program's again.
func (w *leaseWatch) remove(k *leaseKeeper) {
	w.mu.Lock()
	delete(w.leases, k)
	if len(w.leases) > 0 || w.stop == nil {
		w.mu.Unlock()
		return
	}
	done := w.done
	close(w.stop)
	w.stop, w.done = nil, nil
	w.mu.Unlock()
	<-done
}

func (w *leaseWatch) run(signals chan os.Signal, stop, done chan struct{}) {
	defer close(done)
	defer signal.Stop(signals)
	timer := time.NewTimer(watchPause)
	defer timer.Stop()
	for {
		// The first look comes at once: a writer may have come before the signal
		// was asked for.
		began := time.Now()
		if !w.look() {
			return
		}
		timer.Reset(max(watchPause, watchShare*time.Since(began)))
		select {
		case <-stop:
			return
		case <-signals:
		case <-timer.C:
		}
	}
}

// look checks every lease there is, and reports whether any is left. If none
// is, the goroutine is no longer the watch's.
func (w *leaseWatch) look() bool {
	w.mu.Lock()
	leases := make([]*leaseKeeper, 0, len(w.leases))
	for k := range w.leases {
		leases = append(leases, k)
	}
	w.mu.Unlock()
	ended := leases[:0]
	for _, k := range leases {
		if k.check() {
			ended = append(ended, k)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, k := range ended {
		delete(w.leases, k)
	}
	if len(w.leases) == 0 && w.stop != nil {
		w.stop, w.done = nil, nil
	}
	return w.stop != nil
}
