// Package class reduces an error to what callers can tell of it by errors.Is:
// that much of an error is a promise, its text is not.
package class

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/mmapguard/go/mmapguard"
)

// Set is a set of sentinels. The zero Set is that of success.
type Set uint32

// The sentinels that the library documents, and the one for everything else.
const (
	Empty Set = 1 << iota
	NotRegular
	Locked
	TooLarge
	Replaced
	Changed
	Revoked
	Closed
	Unsupported
	Fault
	Invalid
	NotExist
	Permission
	EOF
	NoProgress
	Other
)

var sentinels = []struct {
	set  Set
	name string
	err  error
}{
	{Empty, "ErrEmpty", mmapguard.ErrEmpty},
	{NotRegular, "ErrNotRegular", mmapguard.ErrNotRegular},
	{Locked, "ErrLocked", mmapguard.ErrLocked},
	{TooLarge, "ErrTooLarge", mmapguard.ErrTooLarge},
	{Replaced, "ErrReplaced", mmapguard.ErrReplaced},
	{Changed, "ErrChanged", mmapguard.ErrChanged},
	{Revoked, "ErrRevoked", mmapguard.ErrRevoked},
	{Closed, "ErrClosed", mmapguard.ErrClosed},
	{Unsupported, "ErrUnsupported", mmapguard.ErrUnsupported},
	{Fault, "ErrFault", mmapguard.ErrFault},
	{Invalid, "fs.ErrInvalid", fs.ErrInvalid},
	{NotExist, "fs.ErrNotExist", fs.ErrNotExist},
	{Permission, "fs.ErrPermission", fs.ErrPermission},
	{EOF, "io.EOF", io.EOF},
	{NoProgress, "io.ErrNoProgress", io.ErrNoProgress},
}

// Of is what errors.Is says of an error.
func Of(err error) Set {
	if err == nil {
		return 0
	}
	set := Set(0)
	for _, s := range sentinels {
		if errors.Is(err, s.err) {
			set |= s.set
		}
	}
	if set == 0 {
		return Other
	}
	return set
}

func (s Set) String() string {
	if s == 0 {
		return "success"
	}
	var names []string
	for _, known := range sentinels {
		if s&known.set != 0 {
			names = append(names, known.name)
		}
	}
	if s&Other != 0 {
		names = append(names, "an error without a sentinel")
	}
	return strings.Join(names, "+")
}

// Want compares an error with what it has to be, and says what was done if it
// is something else. Errors of the library name the file, as *fs.PathError or
// *mmapguard.FaultError; io.EOF is promised to come bare.
func Want(err error, want Set, format string, args ...any) error {
	if got := Of(err); got != want {
		return fmt.Errorf("%s: %v (%v), want %v", fmt.Sprintf(format, args...), got, err, want)
	}
	if err == nil || err == io.EOF {
		return nil
	}
	var path *fs.PathError
	var fault *mmapguard.FaultError
	if !errors.As(err, &path) && !errors.As(err, &fault) {
		return fmt.Errorf("%s: %v is a %T and names no file", fmt.Sprintf(format, args...), err, err)
	}
	return nil
}
