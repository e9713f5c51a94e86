//go:build unix

package conformance

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// sparse makes a file of zeros that takes no room, or ends the case where that
// is not to be had: a giant file must not fill somebody's disk.
func (e *Env) sparse(name string, size int64) string {
	const trial = 1 << 20
	path := e.file(name, nil)
	e.must(os.Truncate(path, trial), "making a sparse file")
	if info, err := os.Stat(path); err != nil || takesRoom(info) {
		e.notOffered("no sparse files here (%v)", err)
	}
	if err := os.Truncate(path, size); err != nil {
		e.notOffered("no files of %d bytes here: %v", size, err)
	}
	return path
}

func takesRoom(info fs.FileInfo) bool {
	st, ok := info.Sys().(*syscall.Stat_t)
	return !ok || st.Blocks > 64
}

// noRoom tells whether an error means that the address space, or what the
// system lets a process have of it, is used up.
func (e *Env) noRoom(err error) bool { return errors.Is(err, syscall.ENOMEM) }
