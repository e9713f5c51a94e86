package child

import (
	"context"
	"errors"
	"os/exec"
	"time"
)

// ErrStuck means that a process was killed and is still there: the kernel lets
// go of nobody whom it owes the answer of a storage, and that does not answer.
var ErrStuck = errors.New("a process cannot be ended: it waits for storage that does not answer")

// farewell is how long a killed process may take to be gone. It is longer than
// what its pipes are waited for.
const farewell = leftovers + 3*time.Second

// Run starts a command of [Command] with the same ctx and waits for its end, but
// not for a process that cannot be ended. That one may write to the command's
// standard output and error yet, which must not be read after ErrStuck.
func Run(ctx context.Context, cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	gone := make(chan error, 1)
	go func() { gone <- cmd.Wait() }()
	select {
	case err := <-gone:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-gone:
		return err
	case <-time.After(farewell):
		return ErrStuck
	}
}

// startRetries is how often a process is started again after a hiccup.
const startRetries = 3

// Again calls start until it fails for a reason of its own, or not at all: some
// systems refuse to start a process now and then, for no reason of the program's.
func Again(start func() error) error {
	err := start()
	for n := 0; n < startRetries && hiccup(err); n++ {
		err = start()
	}
	return err
}
