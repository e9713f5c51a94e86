//go:build linux

package lab

// Variables that tell a command which environment it runs in.
const (
	// DirEnv names a directory on the environment's file system.
	DirEnv = "MMAPGUARD_TEST_DIR"
	// FSEnv is the environment's name as `lab list` prints it.
	FSEnv = "MMAPGUARD_TEST_FS"
	// ReadOnlyEnv is "1" where the directory cannot be written.
	ReadOnlyEnv = "MMAPGUARD_TEST_READONLY"
	// LowerEnv and UpperEnv name overlayfs' two layers, so that a test can
	// reach a file past the overlay.
	LowerEnv = "MMAPGUARD_TEST_LOWER"
	UpperEnv = "MMAPGUARD_TEST_UPPER"
	// BackingEnv is the directory behind a FUSE file system, where a file can
	// be changed without the kernel's knowledge; FaultEnv is its fault spec.
	BackingEnv = "MMAPGUARD_TEST_BACKING"
	FaultEnv   = "MMAPGUARD_TEST_FAULT"
)

// Exit codes of the lab's own, chosen as env(1), timeout(1) and docker-run(1)
// do, so that a runner can tell a failed test from a failed lab.
const (
	ExitTimeout  = 124 // the environment was up, the command did not end in time
	ExitLab      = 125 // the environment could not be made
	ExitNotExec  = 126 // the command exists but cannot be run
	ExitNotFound = 127 // the command does not exist

	ExitInterrupted = 130 // a signal ended the run of a virtual machine
)
