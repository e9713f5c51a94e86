// Package conformance is what mmapguard promises, as cases that try it: on this
// system, on this file system, with this build.
//
// A [Case] has an ID that never changes, because the assurance case cites it:
//
//   - SR-n/…: a security requirement, from the owner of the mapping's view;
//   - AV-n/…: an attack, carried out by a process of its own;
//   - TRAP-n/…: a way in which a real system once went wrong.
//
// Run them with go test, or as a program against any directory:
//
//	go run github.com/mmapguard/go/conformance/cmd/mmapguard-conformance --dir /mnt/nfs
//
// Every run of a case is a process of its own, started from the very program
// that runs the suite: a case may die, exhaust its address space or lock itself
// up, and that is then its verdict. So a program that calls [Run] has to call
// [Main] first thing in main, or in TestMain.
//
// Where system calls can be stopped (Linux on amd64, arm64 and 386), races are
// not hoped for: the attack is made between two given system calls of the
// library, every time.
package conformance
