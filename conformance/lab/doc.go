// Package lab makes real environments on one Linux machine and runs a command
// in them: file systems of a kind the machine does not have mounted, a FUSE
// file system that injects faults, processors that are emulated, and virtual
// machines that boot a distribution's own kernel.
//
// The command `lab` is the usual way in:
//
//	lab list                              what this machine can do, and why not
//	lab fs xfs -- go test ./...           a fresh xfs, gone afterwards
//	lab fuse --fault eio=3 -- CMD         reads of the fourth page fail
//	lab vm arm64 -- ./pkg.test -test.v    a booted arm64 kernel
//	go test -exec "lab exec s390x" ./...  the same, for each test binary
//
// A command learns where it is from its environment: [DirEnv] names a directory
// on the file system in question, [FSEnv] the environment. Nothing else about
// the command's surroundings changes, so TMPDIR still points at the host.
//
// A program that calls [FS.Run] or [Fuse.Run] itself must call [Init] first
// thing in main (or TestMain): the environments are set up by a second process
// of the same executable inside namespaces of its own, which is why a killed
// run leaves no mount, no loop device and no process behind. Only SIGKILL to the
// lab itself leaves its scratch directory, mostly empty.
package lab
