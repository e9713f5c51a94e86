// Package peers puts the same hazards to mmapguard and to the other ways in
// which Go programs map or read files, and reports what really happened.
//
//	export GOWORK=off                 # see below
//	go run ./cmd/hazards              # a table, and under it every cell in words
//	go run ./cmd/hazards --markdown   # the same for the book
//	go run ./cmd/hazards --json       # the same for programs
//
// Every cell of the table is a process of its own, so that a crash is a result
// and not the end of the comparison. The process says over a pipe what it read
// and which errors it got; the verdict comes from that, from how the process
// ended and from what the Go runtime printed. Nobody writes verdicts down.
//
// The module is never published and stands outside the workspace, which would
// grow from a few modules to hundreds: what the peers depend on must not decide
// which versions the library and its tools are built with.
package peers
