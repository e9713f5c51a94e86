package mmapguard

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
)

const maxInt = math.MaxInt

// checkRegular lets nothing pass but regular files, and says what it is
// instead.
func checkRegular(info fs.FileInfo) error {
	if info.Mode().IsRegular() {
		return nil
	}
	return fmt.Errorf("%w: it is %s", ErrNotRegular, kindOf(info.Mode()))
}

func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe; LoadReader can read it"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeCharDevice != 0:
		return "a character device; LoadReader can read it"
	case mode&fs.ModeDevice != 0:
		return "a block device"
	}
	return "something of type " + mode.Type().String()
}

// asPathError names the file in an error of the system's or of a check. A
// *FaultError names it already.
func asPathError(op, name string, err error) error {
	var fault *FaultError
	if errors.As(err, &fault) {
		return err
	}
	return pathError(op, name, bare(err))
}

// bare is a system's error without the path it was about, which may be one that
// the caller has never seen.
func bare(err error) error {
	if path, ok := err.(*fs.PathError); ok { //nolint:errorlint // only the outermost layer
		return path.Err
	}
	return err
}

// join is errors.Join that leaves a lone error as it is.
func join(err, also error) error {
	if also == nil {
		return err
	}
	return errors.Join(err, also)
}

func tooLarge(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrTooLarge, fmt.Sprintf(format, args...))
}

func changed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrChanged, fmt.Sprintf(format, args...))
}
