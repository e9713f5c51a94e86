//go:build linux

package lab

import (
	"os"
	"syscall"
)

// forwarded are the signals by which a user or a runner ends a command.
var forwarded = []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}

// forward hands signals on to p until done is closed. A process that is gone
// already has no use for them, so the error says nothing.
func forward(signals <-chan os.Signal, done <-chan struct{}, p *os.Process) {
	for {
		select {
		case s := <-signals:
			_ = p.Signal(s)
		case <-done:
			return
		}
	}
}
