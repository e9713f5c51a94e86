//go:build (!unix && !windows) || aix

package mmapguard

import (
	"errors"
	"os"
)

const openFlags = 0

var lockedErrnos []error

func noLocks(err error) bool         { return errors.Is(err, errors.ErrUnsupported) }
func interrupted(error) bool         { return false }
func noRoom(error) bool              { return false }
func notRegularOpen(err error) error { return err }
func mapError(err error) error       { return unsupported("this system has no memory mapping: %v", err) }
func isBadAddress(error) bool        { return false }
func duplicate(*os.File) (*os.File, error) {
	return nil, unsupported("this system cannot duplicate a descriptor")
}
