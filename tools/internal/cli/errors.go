package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/mmapguard/go/mmapguard"
)

var (
	errUsage      = errors.New("usage")
	errBrokenPipe = errors.New("the reader of the output went away")
)

// usageError is a mistake on the command line, of the command whose help tells
// what is right.
type usageError struct {
	command string
	err     error
}

func (e *usageError) Error() string {
	return fmt.Sprintf("%v\nTry '%s --help'.", e.err, e.command)
}

func (e *usageError) Is(target error) bool { return target == errUsage }

// silentError ends the command with the exit code of errors that have been
// reported already.
type silentError struct{ code int }

func (e *silentError) Error() string { return fmt.Sprintf("exit code %d", e.code) }

// changedError says that a file was rewritten under a reader. No fault tells of
// that, and so the bytes that were read may belong to no version of the file.
type changedError struct{ name string }

func (e *changedError) Error() string {
	return fmt.Sprintf("read %s: the file changed while it was read", e.name)
}

func (e *changedError) Is(target error) bool { return target == mmapguard.ErrChanged }

// failure is an error in JSON output.
type failure struct {
	Kind     string `json:"kind"`
	ExitCode int    `json:"exitCode"`
	Message  string `json:"message"`
	// Offset is where a fault was noticed, in bytes.
	Offset *int64 `json:"offset,omitempty"`
}

// asFailure is nil for no error.
func asFailure(err error) *failure {
	if err == nil {
		return nil
	}
	line := classify(err)
	f := &failure{Kind: line.Name, ExitCode: line.Code, Message: err.Error()}
	var fault *mmapguard.FaultError
	if errors.As(err, &fault) {
		f.Offset = &fault.Offset
	}
	return f
}

// refusal is why a file could not be had by a mechanism, for a table where the
// file, the mechanism and the "no" stand beside it already. The library's error
// wraps one reason for each way that was tried.
func refusal(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	reasons := []error{err}
	if tried, ok := err.(interface{ Unwrap() []error }); ok {
		reasons = tried.Unwrap()
	}
	texts := make([]string, len(reasons))
	for i, r := range reasons {
		texts[i] = strings.TrimPrefix(r.Error(), mmapguard.ErrUnsupported.Error()+": ")
	}
	return strings.Join(slices.Compact(texts), "; ")
}
