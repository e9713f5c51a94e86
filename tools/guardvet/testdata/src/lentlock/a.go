// Package lentlock has locks that a fault leaves locked, and others.
package lentlock

import (
	"sync"

	"github.com/mmapguard/go/mmapguard"
)

type table struct {
	mu  sync.Mutex
	rw  sync.RWMutex
	sum int
}

func count(b []byte) int { return len(b) }

func bad(d *mmapguard.FileData, t *table) error {
	return d.View(func(b []byte) error {
		t.mu.Lock() // want `lock t.mu stays locked`
		t.sum += int(b[0])
		t.mu.Unlock()
		t.rw.RLock() // want `lock t.rw stays locked`
		n := count(b)
		t.rw.RUnlock()
		t.rw.Lock() // want `lock t.rw stays locked`
		t.mu.Lock() // want `lock t.mu stays locked`
		if n > 1 {
			t.sum += len(string(b))
		}
		t.mu.Unlock()
		t.rw.Unlock()
		return nil
	})
}

func good(d *mmapguard.FileData, t *table) error {
	return d.View(func(b []byte) error {
		var local sync.Mutex
		local.Lock()
		n := int(b[0])
		local.Unlock()

		t.mu.Lock()
		t.sum += n + len(b) // reads nothing that is lent
		t.mu.Unlock()

		func() {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.sum += int(b[1])
		}()

		t.rw.Lock()
		defer func() {
			t.sum++
			t.rw.Unlock()
		}()
		t.sum += int(b[2])
		return nil
	})
}

// outside holds the lock around the view, and unlocks it afterwards in any case.
func outside(d *mmapguard.FileData, t *table) error {
	t.mu.Lock()
	err := d.View(func(b []byte) error {
		t.sum += int(b[0])
		return nil
	})
	t.mu.Unlock()
	return err
}
