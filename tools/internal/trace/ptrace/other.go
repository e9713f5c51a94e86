//go:build !linux || !(amd64 || arm64)

package ptrace

// Run answers ErrUnavailable.
func Run(Command, Options, Observer) (Outcome, error) { return Outcome{}, ErrUnavailable }

// Attach answers ErrUnavailable.
func Attach([]int, Options, Observer) error { return ErrUnavailable }

// ReadMemory answers ErrUnavailable.
func ReadMemory(int, uint64, []byte) (int, error) { return 0, ErrUnavailable }
