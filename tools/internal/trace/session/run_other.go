//go:build !linux || !(amd64 || arm64)

package session

import "github.com/mmapguard/go/tools/internal/trace/ptrace"

// Run answers ptrace.ErrUnavailable.
func Run(Config, Sink) (Outcome, error) { return Outcome{}, ptrace.ErrUnavailable }
