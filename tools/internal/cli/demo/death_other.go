//go:build !unix

package demo

import "os"

// killedBy: only Unix ends processes with signals.
func killedBy(*os.ProcessState) string { return "" }
