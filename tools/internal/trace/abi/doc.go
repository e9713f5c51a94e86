// Package abi holds what names and numbers the Linux kernel uses at its door:
// system calls, their parameters, and the values of their flags, for amd64 and
// arm64. The tables are generated: numbers and flags from golang.org/x/sys,
// parameters from the kernel's own description of itself (tracefs,
// events/syscalls). What is written by hand is which parameter takes which
// kind of value (bindings.go), which no header says.
//
// The tables of both processors are always there, so that a trace can be read
// on another machine than the one it was made on.
package abi

//go:generate go run ./gen
