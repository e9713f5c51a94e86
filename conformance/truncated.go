package conformance

import (
	"github.com/mmapguard/go/conformance/internal/attack"
	"github.com/mmapguard/go/mmapguard"
)

// truncated is a handle whose file another process has emptied since, so that
// every byte of it faults.
func (e *Env) truncated(also ...mmapguard.Option) *mmapguard.FileData {
	path := e.file("truncated", before(some()))
	d := e.mapFile(path, also...)
	if !e.attack(attack.Order{Op: attack.Truncate, Path: path}) {
		e.notOffered("a file that is mapped cannot be truncated here")
	}
	return d
}

// truncatedAfter does something with the handle before the file is emptied.
func (e *Env) truncatedAfter(do func(*mmapguard.FileData)) *mmapguard.FileData {
	path := e.file("truncated", before(some()))
	d := e.mapFile(path, mmapguard.WithPopulate())
	do(d)
	if !e.attack(attack.Order{Op: attack.Truncate, Path: path}) {
		e.notOffered("a file that is mapped cannot be truncated here")
	}
	return d
}
