//go:build !linux

package conformance

func closedHandleShowsNoOtherFile(e *Env) { e.onlyLinux() }
