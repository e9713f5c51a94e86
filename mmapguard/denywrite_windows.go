package mmapguard

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// openDenyWrite is the mechanism of Enforced on Windows: a handle whose share
// mode lets nobody open the file for writing or deleting (CreateFile,
// dwShareMode), held as long as the mapping. A view that another process made
// writable before, and kept without its handle, is not refused by it.
func openDenyWrite(o *opening) (*FileData, error) {
	if err := o.checkLock(); err != nil {
		return nil, err
	}
	step(beforeLock)
	exclusive, err := o.denyWriters()
	if err != nil {
		return nil, err
	}
	step(afterLock)
	private := *o
	private.file = exclusive
	defer private.done()
	c, n, err := private.mapFile()
	if err != nil {
		return nil, err
	}
	c.keeper = &handleKeeper{private.file}
	private.file = nil
	return private.handle(c, n, MechanismDenyWrite, Enforced), nil
}

// denyWriters opens the file once more, by its name, and proves that it is the
// one that is open.
func (o *opening) denyWriters() (*os.File, error) {
	name, err := windows.UTF16PtrFromString(o.name)
	if err != nil {
		return nil, err
	}
	h, err := windows.CreateFile(name, windows.GENERIC_READ, windows.FILE_SHARE_READ, nil, windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	switch {
	case errors.Is(err, windows.ERROR_SHARING_VIOLATION):
		return nil, fmt.Errorf("%w: it is open for writing or deleting", ErrLocked)
	case errors.Is(err, windows.ERROR_FILE_NOT_FOUND), errors.Is(err, windows.ERROR_PATH_NOT_FOUND):
		return nil, ErrReplaced
	case err != nil:
		return nil, err
	}
	return sameOrClose(os.NewFile(uintptr(h), o.name), o.info)
}

// handleKeeper holds the handle whose share mode is the guarantee.
type handleKeeper struct{ file *os.File }

func (k *handleKeeper) release(revoke func() error) error {
	return errors.Join(revoke(), k.file.Close())
}

func (k *handleKeeper) stat() (stamp, bool, error) {
	now, err := stampNow(k.file)
	return now, true, err
}
