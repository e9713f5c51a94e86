// Package lentescape has bytes that outlive the callback, and bytes that do not.
package lentescape

import (
	"bytes"
	"container/list"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/mmapguard/go/mmapguard"
)

type index struct {
	name  []byte
	size  int
	names [][]byte
}

var global []byte

func assigned(d *mmapguard.FileData) []byte {
	var out []byte
	_ = d.View(func(b []byte) error {
		out = b // want `assigned to variable out, which outlives the callback`
		return nil
	})
	return out
}

func parts(d *mmapguard.FileData) (head, tail []byte) {
	_ = d.ViewRange(0, 8, func(b []byte) error {
		x := b[3:]
		y := x[:2]
		head = y       // want `assigned to variable head`
		tail = b[:1:1] // want `assigned to variable tail`
		return nil
	})
	return head, tail
}

func through(d *mmapguard.FileData) {
	var words [][]byte
	_ = d.View(func(b []byte) error {
		words = bytes.Fields(b) // want `assigned to variable words`
		line, _, _ := bytes.Cut(b, []byte("\n"))
		global = bytes.TrimSpace(line) // want `assigned to package variable global`
		return nil
	})
	_ = words
}

func appended(d *mmapguard.FileData) [][]byte {
	var all [][]byte
	_ = d.View(func(b []byte) error {
		all = append(all, b[1:]) // want `appended, without a copy, to variable all`
		return nil
	})
	return all
}

func (x *index) fields(d *mmapguard.FileData, m map[string][]byte) error {
	return d.View(func(b []byte) error {
		x.name = b[:4]                   // want `stored in field name`
		x.names[0] = b                   // want `stored in an element`
		m["name"] = b                    // want `stored in a map`
		x.names = append(x.names, b[4:]) // want `appended, without a copy, to field names`
		return nil
	})
}

func wrapped(d *mmapguard.FileData) *index {
	var found *index
	_ = d.View(func(b []byte) error {
		i := &index{name: b, size: len(b)}
		found = i // want `assigned to variable found`
		return nil
	})
	return found
}

func wrappedValue(d *mmapguard.FileData) (found index) {
	_ = d.View(func(b []byte) error {
		found = index{name: b} // want `assigned to variable found|stored in field name`
		return nil
	})
	return found
}

func sent(d *mmapguard.FileData, ch chan []byte) error {
	return d.View(func(b []byte) error {
		ch <- b // want `sent on a channel`
		select {
		case ch <- b[1:]: // want `sent on a channel`
		default:
		}
		return nil
	})
}

type badLine struct{ line []byte }

func (e *badLine) Error() string { return string(e.line) }

func returned(d *mmapguard.FileData) error {
	return d.View(func(b []byte) error {
		if len(b) > 3 {
			return &badLine{b[:3]} // want `returned from the callback`
		}
		panic(b) // want `thrown as a panic`
	})
}

func containers(d *mmapguard.FileData, l *list.List, m *sync.Map, v *atomic.Value) error {
	return d.View(func(b []byte) error {
		l.PushBack(b)        // want `stored by PushBack`
		m.Store("header", b) // want `stored by Store`
		v.Store(b)           // want `stored by Store`
		return nil
	})
}

func closure(d *mmapguard.FileData) func() byte {
	var later func() byte
	_ = d.View(func(b []byte) error {
		later = func() byte { return b[0] } // want `assigned to variable later`
		return nil
	})
	return later
}

func nested(d, e *mmapguard.FileData) (out []byte) {
	_ = d.View(func(a []byte) error {
		return e.View(func(b []byte) error {
			if bytes.Equal(a, b) {
				out = b // want `assigned to variable out`
				out = a // want `assigned to variable out`
			}
			return nil
		})
	})
	return out
}

// What another function of the package does is reported where it is called.
func (x *index) set(b []byte) { x.name = b }

func first(b []byte) []byte { return b[:1] }

func keep(b []byte) { global = first(b) }

func helpers(d *mmapguard.FileData, x *index) error {
	var out []byte
	err := d.View(func(b []byte) error {
		x.set(b)       // want `stored in field name, which outlives the callback by function set`
		keep(b)        // want `assigned to package variable global, which outlives the callback by function keep`
		out = first(b) // want `assigned to variable out`
		return nil
	})
	_ = out
	return err
}

// A named function and a method are callbacks, too.
func named(b []byte) error {
	global = b // want `assigned to package variable global`
	return nil
}

func (x *index) method(b []byte) error {
	x.name = b // want `stored in field name`
	return nil
}

func callbacks(d *mmapguard.FileData, x *index) error {
	local := func(b []byte) error {
		x.name = b // want `stored in field name`
		return nil
	}
	return errors.Join(d.View(named), d.View(x.method), d.View(local))
}
