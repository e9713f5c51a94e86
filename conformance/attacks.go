package conformance

import (
	"errors"

	"github.com/mmapguard/go/conformance/internal/attack"
)

// attack lets another process do something to a file, which has to succeed or
// be refused for a good reason. It reports whether it was done.
func (e *Env) attack(o attack.Order) bool {
	err := e.enemy().Do(o)
	switch {
	case e.refused(err) && !errors.Is(err, attack.ErrMissing):
		return false
	case err != nil:
		e.must(err, "the other process: "+string(o.Op))
	}
	return true
}

// arrange lets another process prepare something, which has to succeed.
func (e *Env) arrange(p *attack.Process, o attack.Order) {
	e.must(p.Do(o), "the other process: "+string(o.Op))
}

// canLock tells whether the other process gets an exclusive lock, which it then
// keeps.
func (e *Env) canLock(enemy *attack.Process, path string) bool {
	err := enemy.Do(attack.Order{Op: attack.LockExclusive, Path: path})
	if !errors.Is(err, attack.ErrBusy) {
		e.must(err, "locking")
	}
	return err == nil
}

// locked checks whether another process is kept from locking a file for itself.
func (e *Env) locked(path string, want bool, when string) {
	enemy := e.enemy()
	busy := !e.canLock(enemy, path)
	e.arrange(enemy, attack.Order{Op: attack.Release})
	if busy != want {
		e.broken("%s: another process is kept from an exclusive lock: %v, want %v", when, busy, want)
	}
}
