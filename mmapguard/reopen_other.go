//go:build !linux

package mmapguard

import (
	"io/fs"
	"os"
)

// reopen opens the file by its name again, if that still leads to it, and else
// duplicates a read-only descriptor.
func reopen(f *os.File, info fs.FileInfo, flag int) (source, error) {
	again, err := os.OpenFile(f.Name(), flag, 0)
	if err == nil {
		again, err = sameOrClose(again, info)
	}
	if err == nil {
		return own(again, nil)
	}
	copied, err := duplicate(f)
	return source{file: copied, shared: true}, err
}

const lockByNameFirst = false

// lockPath is the name by which the open file is locked; the lock's file is
// compared with the open one.
func (o *opening) lockPath() string { return o.name }
