package conformance

import (
	"os"

	"github.com/mmapguard/go/mmapguard"
)

// TRAP-16 and TRAP-17: an address that is somebody else's by now, and a lock
// that does more than lock.
var traps16 = []Case{
	{
		ID:      "TRAP-16/closed-handle-shows-no-other-file",
		Promise: "A read that was under way when the handle was closed does not show the file that is mapped there now.",
		Applies: Applies{Platforms: onLinux, Needs: Files | Faults},
		Run:     judge(closedHandleShowsNoOtherFile),
	},
	{
		ID:      "TRAP-17/lock-makes-no-file",
		Promise: "Locking a file that is gone does not make a new one.",
		Applies: Applies{Mechanisms: shared, Platforms: onUnix, Needs: Files},
		Run:     judge(lockMakesNoFile),
	},
	{
		ID:      "TRAP-17/lock-cannot-write",
		Promise: "No descriptor that the library holds can write to the file.",
		Applies: Applies{Mechanisms: each, Platforms: onUnix, Needs: Files},
		Run:     judge(lockCannotWrite),
	},
}

func lockMakesNoFile(e *Env) {
	path := e.file("f", before(some()))
	f, err := os.Open(path)
	e.must(err, "opening")
	defer func() { _ = f.Close() }()
	e.must(os.Remove(path), "removing the file")
	if d, err := mmapguard.MapOpenFile(f, e.options()...); err == nil {
		e.shows(d, before(some()), "a file without a name")
		e.close(d)
	}
	entries, err := os.ReadDir(e.Dir)
	e.must(err, "listing the directory")
	e.check(len(entries) == 0, "there is a file again: %v", entries)
}

// lockCannotWrite gives the file every right there is: the library must not use
// them.
func lockCannotWrite(e *Env) {
	path := e.file("f", before(some()))
	if e.Mechanism != mmapguard.MechanismFsVerity {
		e.must(os.Chmod(path, 0o777), "giving all rights")
	}
	was := writableDescriptors()
	d := e.mapFile(path)
	defer e.close(d)
	is := writableDescriptors()
	e.check(is <= was, "%d descriptors could write before, %d while the file is mapped", was, is)
}
