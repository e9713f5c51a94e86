package mmapguard

import (
	"io/fs"
	"runtime"
)

// stamp is what is remembered of a file to notice that it was rewritten. Times
// are in nanoseconds since 1970; ctime is 0 where the system has none.
type stamp struct {
	size, mtime, ctime int64
}

func stampOf(info fs.FileInfo) stamp {
	return stamp{info.Size(), info.ModTime().UnixNano(), ctimeOf(info)}
}

// Changed compares the opened file's size, mtime and ctime with those at open.
// It notices what no fault tells: a rewrite in place. It can not notice a change
// within the clock tick of the open, and writes through a writable map show
// only once the kernel updates the times.
//
// It is always false for bytes that do not depend on the file any more: loaded,
// private, immutable, or rescued from a writer. A concurrent Close makes it
// answer or return ErrClosed.
func (d *FileData) Changed() (bool, error) {
	c := d.core
	if err := c.enter(); err != nil {
		return false, pathError("stat", c.name, err)
	}
	now, attached, err := c.stat()
	err = c.left("stat", err)
	runtime.KeepAlive(d)
	if err != nil {
		return false, asPathError("stat", c.name, err)
	}
	return attached && now != c.opened, nil
}

func (c *core) stat() (now stamp, attached bool, err error) {
	if c.keeper == nil {
		return stamp{}, false, nil
	}
	return c.keeper.stat()
}
