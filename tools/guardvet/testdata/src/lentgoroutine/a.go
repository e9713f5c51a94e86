// Package lentgoroutine has bytes that reach goroutines, and bytes that do not.
package lentgoroutine

import (
	"bytes"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/mmapguard/go/mmapguard"
)

func use([]byte) {}

func start(b []byte) { go use(b) }

func bad(d *mmapguard.FileData, wg *sync.WaitGroup, g *errgroup.Group) error {
	return d.View(func(b []byte) error {
		go func() { use(b) }()                         // want `given to a goroutine`
		go use(b[1:])                                  // want `given to a goroutine`
		wg.Go(func() { use(b) })                       // want `given to a goroutine`
		g.Go(func() error { use(b); return nil })      // want `given to a goroutine`
		time.AfterFunc(time.Second, func() { use(b) }) // want `given to a goroutine`
		start(b)                                       // want `given to a goroutine by function start`
		for _, line := range bytes.Fields(b) {
			go use(line) // want `given to a goroutine`
		}
		return nil
	})
}

func good(d *mmapguard.FileData, wg *sync.WaitGroup) error {
	go func() { use(nil) }()
	return d.View(func(b []byte) error {
		c := bytes.Clone(b)
		go func() { use(c) }()
		n := len(b)
		wg.Go(func() { use(make([]byte, n)) })
		go use([]byte(string(b)))
		func() { use(b) }()
		return nil
	})
}

// A view within a goroutine lends to that goroutine.
func within(d *mmapguard.FileData) {
	go func() {
		_ = d.View(func(b []byte) error {
			use(b)
			return nil
		})
	}()
}
