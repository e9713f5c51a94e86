package mmapguard

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// The errors of this package are *fs.PathError values around one of these
// sentinels, or around the operating system's own error; ask with errors.Is.
// A missing file stays fs.ErrNotExist and a refused one fs.ErrPermission.
var (
	// ErrEmpty means that the file has no bytes: there is nothing to map.
	// It is also fs.ErrInvalid.
	ErrEmpty error = &sentinel{"file is empty", []error{fs.ErrInvalid}}

	// ErrNotRegular means that the name leads to something that cannot be
	// mapped as a file: a directory, pipe, socket, device, or a file that the
	// kernel makes up as it is read, like those of /proc and /sys.
	ErrNotRegular error = &sentinel{"not a regular file", nil}

	// ErrLocked means that somebody holds the file for writing: an exclusive
	// advisory lock, or, where a lease was asked for, a writable descriptor or
	// map. It is also EWOULDBLOCK, or ERROR_LOCK_VIOLATION on Windows.
	ErrLocked error = &sentinel{"file is locked for writing", lockedErrnos}

	// ErrTooLarge means that the bytes exceed a limit: WithMaxSize, WithMaxCopy,
	// the cap of a reader, or the address space.
	ErrTooLarge error = &sentinel{"too large", nil}

	// ErrReplaced means that the name led to two different files while it was
	// being opened.
	ErrReplaced error = &sentinel{"file was replaced while it was opened", nil}

	// ErrChanged means that the file changed, or could have, while it was being
	// opened or copied, and no consistent version of it was to be had.
	ErrChanged error = &sentinel{"file changed while it was opened", nil}

	// ErrRevoked means that a guarantee could not be kept any longer, so that
	// the bytes were made inaccessible instead. Open the file again.
	ErrRevoked error = &sentinel{"mapping was revoked: its guarantee could not be kept", nil}

	// ErrClosed means that the handle is closed. It is also fs.ErrClosed.
	ErrClosed error = &sentinel{"mapping is closed", []error{fs.ErrClosed}}

	// ErrUnsupported means that no mechanism of this system provides what was
	// asked for; the text around it says what is missing. It is also
	// errors.ErrUnsupported.
	ErrUnsupported error = &sentinel{"unsupported", []error{errors.ErrUnsupported}}

	// ErrDigest means that the file's fs-verity digest is not the one required by
	// WithDigest. It is also ErrChanged: the bytes are not those once recorded.
	ErrDigest error = &sentinel{"file does not have the required fs-verity digest", []error{ErrChanged}}

	// ErrFault means that the processor could not read a page of the mapping;
	// every *FaultError is one.
	ErrFault error = &sentinel{"memory fault in mapped file", nil}
)

// errCopyLimit is the ErrTooLarge of WithMaxCopy: a mechanism that does not
// copy may still do, so the ladder goes on.
var errCopyLimit error = &sentinel{"too large to copy", []error{ErrTooLarge}}

// sentinel is an error that also answers for others, so that a caller who
// knows only the standard library's sentinels is served as well.
type sentinel struct {
	text string
	also []error
}

func (e *sentinel) Error() string { return e.text }

func (e *sentinel) Is(target error) bool {
	for _, err := range e.also {
		if err == target {
			return true
		}
	}
	return false
}

// FaultError reports that a page of a mapped file could not be read: the file
// was truncated under the mapping, or its storage failed. It is ErrFault.
type FaultError struct {
	// Name is the file's name as it was given.
	Name string
	// Op is what was being done: "read", "view", "write" or "populate".
	Op string
	// Offset is where the processor noticed, in bytes from the start of the
	// handle's data, good to a page. A large copy may notice its tail first.
	Offset int64
}

func (e *FaultError) Error() string {
	cause := "the file was truncated or could not be read"
	if e.Op == opView {
		cause += ", or the callback wrote to it"
	}
	return fmt.Sprintf("%s %s: memory fault at offset %d: %s", e.Op, e.Name, e.Offset, cause)
}

// opView is the operation in which the caller's own code has the bytes.
const opView = "view"

// Is makes every FaultError an ErrFault.
func (e *FaultError) Is(target error) bool { return target == ErrFault }

// attemptsError is the outcome of a climb of the ladder on which every
// mechanism refused: it lists each of them with its reason.
type attemptsError struct {
	wanted   Guarantee
	attempts []attempt
}

type attempt struct {
	mechanism Mechanism
	err       error
}

func (e *attemptsError) Error() string {
	if len(e.attempts) == 0 {
		return fmt.Sprintf("%v: no mechanism on this system provides it", e.wanted)
	}
	reasons := make([]string, len(e.attempts))
	for i, a := range e.attempts {
		reasons[i] = fmt.Sprintf("%s: %v", a.mechanism, a.err)
	}
	return fmt.Sprintf("%v is not to be had: %s", e.wanted, strings.Join(reasons, "; "))
}

// Unwrap lets errors.Is find every reason; with no attempt at all the reason
// is ErrUnsupported.
func (e *attemptsError) Unwrap() []error {
	if len(e.attempts) == 0 {
		return []error{ErrUnsupported}
	}
	errs := make([]error, len(e.attempts))
	for i, a := range e.attempts {
		errs[i] = a.err
	}
	return errs
}

// outcome is the error of a climb that failed. An answer about the file itself,
// which ended the climb, speaks for itself; otherwise the list of attempts tells
// what is missing.
func outcome(wanted Guarantee, attempts []attempt) error {
	if n := len(attempts); n > 0 && !fallsThrough(attempts[n-1].err) {
		return attempts[n-1].err
	}
	return &attemptsError{wanted, attempts}
}

func pathError(op, name string, err error) error {
	return &fs.PathError{Op: op, Path: name, Err: err}
}

// unsupported says why a mechanism is not available; the ladder goes on to
// the next one.
func unsupported(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrUnsupported, fmt.Sprintf(format, args...))
}

// describedError adds to an error what it means here.
type describedError struct {
	err  error
	text string
}

func (e *describedError) Error() string { return e.err.Error() + ": " + e.text }
func (e *describedError) Unwrap() error { return e.err }
