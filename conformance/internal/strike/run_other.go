//go:build !linux || !(amd64 || arm64 || 386)

package strike

// Run answers ErrUnavailable.
func Run(Command, func(*Call)) (Outcome, error) { return Outcome{}, ErrUnavailable }
