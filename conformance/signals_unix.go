//go:build unix

package conformance

import (
	"os"
	"syscall"
)

// faultSignals are those that a memory fault raises.
var faultSignals = []os.Signal{syscall.SIGBUS, syscall.SIGSEGV}
