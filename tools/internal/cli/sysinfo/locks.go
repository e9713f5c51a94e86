package sysinfo

import (
	"fmt"
	"io/fs"
)

// Lock is a lock or lease on a file.
type Lock struct {
	// Kind is "flock", "posix", "ofd" or "lease".
	Kind string `json:"kind"`
	// Exclusive locks keep a shared one from being taken; so do write leases.
	Exclusive bool `json:"exclusive"`
	// PID is the holder's process, or 0 if it is in another namespace or the lock
	// belongs to no single process.
	PID int `json:"pid,omitempty"`
}

func (l Lock) String() string {
	mode := "shared"
	if l.Exclusive {
		mode = "exclusive"
	}
	if l.PID == 0 {
		return fmt.Sprintf("%s %s", mode, l.Kind)
	}
	return fmt.Sprintf("%s %s by pid %d", mode, l.Kind, l.PID)
}

// Locks lists the locks that other processes hold on a file. It takes none, so
// that nobody's attempt to lock fails on its account. False means that this
// system does not tell.
func Locks(info fs.FileInfo) ([]Lock, bool) { return locks(info) }
