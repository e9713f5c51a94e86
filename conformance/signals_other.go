//go:build !unix

package conformance

import "os"

// faultSignals is empty: no process can send one here.
var faultSignals []os.Signal
