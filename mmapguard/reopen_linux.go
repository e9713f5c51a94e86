package mmapguard

import (
	"errors"
	"io/fs"
	"os"
	"strconv"
)

// reopen opens the inode of a descriptor again, through /proc, which works
// also when its name is gone (proc_pid_fd(5)). Where that is not to be had, a
// read-only descriptor is duplicated.
func reopen(f *os.File, info fs.FileInfo, flag int) (source, error) {
	var again *os.File
	err := control(f, func(fd uintptr) (err error) {
		again, err = os.OpenFile(procPath(fd), flag, 0)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		if copied, dupErr := duplicate(f); dupErr == nil {
			return source{file: copied, shared: true}, nil
		}
	}
	if err != nil {
		return source{}, err
	}
	return own(sameOrClose(again, info))
}

// procPath is a name for an open descriptor that no rename can lead astray.
func procPath(fd uintptr) string { return "/proc/self/fd/" + strconv.Itoa(int(fd)) }

// lockByNameFirst: the way through /proc takes twice as long as most names do,
// and the lock's file is compared with the open one all the same.
const lockByNameFirst = true

// lockPath is the name by which the open file is locked if its own does not
// lead to it.
func (o *opening) lockPath() string { return procPath(o.descriptor()) }
