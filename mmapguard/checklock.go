//go:build linux || windows

package mmapguard

// checkLock refuses a file that somebody has locked exclusively. Where a lease
// or a share mode keeps the bytes, the lock is not needed any longer than that.
func (o *opening) checkLock() error {
	unlock, err := o.lockForCopy()
	if err != nil {
		return err
	}
	return unlock()
}
