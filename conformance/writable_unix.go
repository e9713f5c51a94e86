//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package conformance

import "golang.org/x/sys/unix"

// makeWritable tries to get the right to write to a map.
func makeWritable(b []byte) error { return unix.Mprotect(b, unix.PROT_READ|unix.PROT_WRITE) }
