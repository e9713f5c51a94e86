//go:build unix

package demo

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// killedBy is the name of the signal that the kernel ended a process with.
func killedBy(state *os.ProcessState) string {
	if ws, ok := state.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return unix.SignalName(ws.Signal())
	}
	return ""
}
