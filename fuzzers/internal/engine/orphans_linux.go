package engine

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"
)

// orphans begins to count the processors' time of all descendants, and answers
// with what ends it. A fuzzing process that is stopped leaves its other process
// behind; this one takes it over then, and waits for it, or its time would be
// missing.
func orphans() (ended func() time.Duration) {
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) // without, less is counted
	before := childTime()
	return func() time.Duration {
		for deadline := time.Now().Add(time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
			if _, err := unix.Wait4(-1, nil, unix.WNOHANG, nil); errors.Is(err, unix.ECHILD) {
				break
			}
		}
		return childTime() - before
	}
}

func childTime() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_CHILDREN, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
