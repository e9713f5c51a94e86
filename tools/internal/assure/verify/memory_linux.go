package verify

import "golang.org/x/sys/unix"

// memoryLimit is how much private memory, in bytes, a process of a test may
// take. A mutant that forgets a limit would take all of the machine's.
const memoryLimit = 4 << 30

// boundMemory bounds this process, and so all that it starts.
func boundMemory() error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_DATA, &limit); err != nil {
		return err
	}
	limit.Cur = min(limit.Cur, memoryLimit)
	return unix.Setrlimit(unix.RLIMIT_DATA, &limit)
}
