//go:build unix && !aix

package mmapguard_test

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"sync"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

// These are limits that the documentation of View states: what no library can
// make an error. Each runs in a process of its own, because it ends it, and
// each fails when a new Go makes it better and the documentation wrong. Faults
// in cgo are of the kind, but a test file cannot use cgo.

// doomed runs fn over a handle whose second page is gone. The child cuts the
// file itself: the kernel does not care who does.
func doomed(path string, fn func(b []byte) error) error {
	return doomedHandle(path, func(d *mmapguard.FileData) error { return d.View(fn) })
}

func doomedHandle(path string, fn func(d *mmapguard.FileData) error) error {
	d, err := mmapguard.MapFile(path)
	if err != nil {
		return err
	}
	if err := os.Truncate(path, int64(page)); err != nil {
		return err
	}
	return fn(d)
}

var _ = role("fatal: send", func(args []string) error {
	return doomed(args[0], func(b []byte) error {
		ch := make(chan [64]byte, 1)
		ch <- *(*[64]byte)(b[page:])
		return nil
	})
})

var _ = role("fatal: println", func(args []string) error {
	return doomed(args[0], func(b []byte) error {
		println(mappedString(b[page:]))
		return nil
	})
})

var _ = role("fatal: goroutine", func(args []string) error {
	return doomed(args[0], func(b []byte) error {
		var wg sync.WaitGroup
		wg.Go(func() { touch(b, page) })
		wg.Wait()
		return nil
	})
})

var _ = role("fatal: bytes", func(args []string) error {
	return doomedHandle(args[0], func(d *mmapguard.FileData) error {
		touch(d.Bytes(), page)
		return errors.New("survived")
	})
})

// mappedString is a string in the mapping itself, as code that avoids copies
// makes them.
func mappedString(b []byte) string {
	// A string's header is the first half of a slice's.
	return reflect.NewAt(reflect.TypeFor[string](), reflect.ValueOf(&b).UnsafePointer()).Elem().String()
}

// growing puts keys into a map whose earlier keys lie in mapped memory, until
// the map grows and hashes them again.
func growing(path string, m map[string]int) error {
	//guardvet:ignore neverclosed the process is not to survive
	d, err := mmapguard.MapFile(path)
	if err != nil {
		return err
	}
	return d.View(func(b []byte) error {
		for i := range 64 {
			m[mappedString(b[page+i:page+2*i+16])] = i
		}
		if err := os.Truncate(path, int64(page)); err != nil {
			return err
		}
		for i := range 1 << 16 {
			m[fmt.Sprint("heap", i)] = i
		}
		return errors.New("the map grew without a look at its keys")
	})
}

var _ = role("fatal: map", func(args []string) error {
	m := map[string]int{}
	if err := growing(args[0], m); !errors.Is(err, mmapguard.ErrFault) {
		return fmt.Errorf("the growing map: %w", err)
	}
	m["another"] = 1
	return nil
})

func TestTrap02_WhatStaysFatal(t *testing.T) {
	for _, c := range []struct{ role, says string }{
		{"fatal: send", "fatal error"},
		{"fatal: println", "fatal error"},
		{"fatal: goroutine", "unexpected fault address"},
		{"fatal: bytes", "unexpected fault address"},
		{"fatal: map", "concurrent map writes"},
	} {
		t.Run(c.role, func(t *testing.T) {
			if raceDetector && c.role == "fatal: send" {
				t.Skip("needs a build without the race detector, whose code reads the value before the send")
			}
			runFatal(t, c.says, c.role, newFile(t, 2*page))
		})
	}
}

func TestTrap02_MutexWithoutDeferredUnlockStaysLocked(t *testing.T) {
	d, path := truncated(t)
	var bare, deferred sync.Mutex
	err := d.View(func(b []byte) error {
		deferred.Lock()
		defer deferred.Unlock()
		//guardvet:ignore lentlock that it stays locked is what the test shows
		bare.Lock()
		touch(b, page)
		bare.Unlock()
		return nil
	})
	wantFault(t, err, "view", path, int64(page))
	if bare.TryLock() {
		t.Error("the mutex was unlocked: the documentation of View says otherwise")
	}
	if !deferred.TryLock() {
		t.Error("the mutex with a deferred unlock is still locked")
	}
}

// The documented way out: what is copied to a variable first is safe.
func TestTrap02_CopiedToAVariableFirstIsAnError(t *testing.T) {
	d, path := truncated(t)
	ch := make(chan byte, 1)
	err := d.View(func(b []byte) error {
		v := touch(b, page)
		ch <- v
		return nil
	})
	wantFault(t, err, "view", path, int64(page))
}
