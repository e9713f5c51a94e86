package peers

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"github.com/gofrs/flock"
)

// The hazards of a writer who keeps to the rules: an exclusive advisory lock
// says that the bytes are not to be read now.
var (
	lockedHazard = Hazard{
		ID:    "locked",
		What:  "Another process holds the exclusive lock, on the descriptor it writes through, and has overwritten half of the file; then it is opened and read.",
		Stage: stageLocked,
		Meet:  meetSpecial,
	}
	lockedIdleHazard = Hazard{
		ID:    "locked-idle",
		What:  "The same, but the lock is on a descriptor for reading, and the writer has none for writing open at the moment.",
		Stage: stageLockedIdle,
		Meet:  meetSpecial,
	}
)

func stageLocked(dir string) (*stage, error) { return stageHalfWritten(dir, os.O_RDWR) }

func stageLockedIdle(dir string) (*stage, error) { return stageHalfWritten(dir, os.O_RDONLY) }

func stageHalfWritten(dir string, lockFlag int) (*stage, error) {
	s, err := ownFile(dir, fileSize)
	if err != nil {
		return nil, err
	}
	s.owners[foreign] = "the writer's half"
	s.right = append(s.right, contentOf("the writer's bytes", bytes.Repeat([]byte{foreign}, fileSize)))
	lock := flock.New(s.path, flock.SetFlag(lockFlag))
	s.clear = lock.Close
	return s, halfWrite(lock, s.path)
}

// halfWrite leaves the lock held over a file that is neither old nor new. It
// stays away from the first byte, which the lock of Windows makes unwritable.
func halfWrite(lock *flock.Flock, path string) error {
	got, err := lock.TryLock()
	if err != nil {
		return fmt.Errorf("locking for the writer: %w", err)
	}
	if !got {
		return errors.New("locking for the writer: somebody else holds the lock")
	}
	return overwrite(path, fileSize/2)
}
