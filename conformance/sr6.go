package conformance

import (
	"os"
	"runtime"

	"github.com/mmapguard/go/conformance/internal/attack"
	"github.com/mmapguard/go/mmapguard"
)

// SR-6: the advisory lock is held as long as the mapping.
var sr6 = []Case{
	{
		ID:      "SR-6/lock-held-until-unmap",
		Promise: "Another process cannot lock the file for itself as long as it is mapped, and can afterwards.",
		Applies: Applies{Mechanisms: shared, Needs: Files},
		Run:     judge(lockHeldUntilUnmap),
	},
	{
		ID:      "SR-6/unmap-before-unlock",
		Promise: "The bytes are made inaccessible before the lock or the lease is given up.",
		Applies: Applies{
			Mechanisms: []mmapguard.Mechanism{mmapguard.MechanismFlock, mmapguard.MechanismLease},
			Platforms:  onLinux, Needs: Files | Strikes,
		},
		Run: judge(unmapBeforeUnlock),
	},
	{
		ID:      "SR-6/exclusive-lock-refused",
		Promise: "A file that another process has locked for itself is ErrLocked, and opens once it is free.",
		Applies: Applies{Mechanisms: shared, Needs: Files},
		Run:     judge(exclusiveLockRefused),
	},
	{
		ID:      "SR-6/locks-are-shared",
		Promise: "Several processes may map a file at once.",
		Applies: Applies{Mechanisms: shared, Needs: Files},
		Run:     judge(locksAreShared),
	},
	{
		ID:      "SR-6/lock-outlives-other-descriptors",
		Promise: "Closing another descriptor, or another handle, of the file does not drop the lock.",
		Applies: Applies{Mechanisms: shared, Needs: Files},
		Run:     judge(lockOutlivesOtherDescriptors),
	},
	{
		ID:      "SR-6/lock-follows-the-inode",
		Promise: "The lock is on the file that is mapped, also when another took its name.",
		Applies: Applies{Mechanisms: shared, Platforms: onUnix, Needs: Files},
		Run:     judge(lockFollowsTheInode),
	},
	{
		ID:      "SR-6/failed-open-leaves-no-lock",
		Promise: "Opening that fails after the lock was taken gives it up.",
		Applies: Applies{Mechanisms: shared, Needs: Files},
		Run:     judge(failedOpenLeavesNoLock),
	},
	{
		ID:      "SR-6/lease-held-until-unmap",
		Promise: "A writer cannot open the file without a wait as long as it is mapped under a lease, and can afterwards.",
		Applies: Applies{Mechanisms: leased, Needs: Files},
		Run:     judge(leaseHeldUntilUnmap),
	},
}

func lockHeldUntilUnmap(e *Env) {
	path := e.file("f", before(some()))
	d := e.mapFile(path)
	e.locked(path, true, "while the file is mapped")
	runtime.GC()
	e.locked(path, true, "after a garbage collection")
	e.must(d.View(func([]byte) error {
		e.close(d)
		e.locked(path, true, "after Close, while a View is running")
		return nil
	}), "View")
	e.locked(path, false, "after the last View")
}

// unmapBeforeUnlock looks at the kernel's side of closing a file.
func unmapBeforeUnlock(e *Env) {
	var addr uint64
	removed, unlocked := false, false
	for _, c := range e.observe(openOrder{Path: e.file("f", before(some()))}) {
		switch {
		case c.Result < 0 && isFileMap(&c):
		case isFileMap(&c):
			addr = uint64(c.Result)
		case addr != 0 && isRemoval(&c, addr):
			removed = true
		case addr != 0 && isUnlock(&c):
			e.check(removed, "the lock was given up while the file was still mapped")
			unlocked = true
		}
	}
	e.check(addr != 0, "the file was never mapped")
	e.check(removed, "the mapping was never taken away")
	e.check(unlocked, "the lock was never given up")
}

func exclusiveLockRefused(e *Env) {
	path := e.file("f", before(some()))
	enemy := e.enemy()
	e.arrange(enemy, attack.Order{Op: attack.LockExclusive, Path: path})
	_, err := mmapguard.MapFile(path, e.options()...)
	e.wantPathError(err, mmapguard.ErrLocked, "while another process has the lock")
	e.arrange(enemy, attack.Order{Op: attack.Release})
	e.close(e.mapFile(path))
}

func locksAreShared(e *Env) {
	path := e.file("f", before(some()))
	enemy := e.enemy()
	e.arrange(enemy, attack.Order{Op: attack.LockShared, Path: path})
	d := e.mapFile(path)
	defer e.close(d)
	e.arrange(e.enemy(), attack.Order{Op: attack.LockShared, Path: path})
}

func lockOutlivesOtherDescriptors(e *Env) {
	path := e.file("f", before(some()))
	d := e.mapFile(path)
	f, err := os.Open(path)
	e.must(err, "opening")
	e.must(f.Close(), "closing")
	e.locked(path, true, "after another descriptor was closed")
	e.close(e.mapFile(path))
	e.locked(path, true, "after another handle was closed")
	e.close(d)
	e.locked(path, false, "after Close")
}

func lockFollowsTheInode(e *Env) {
	path := e.file("f", before(some()))
	d := e.mapFile(path)
	e.arrange(e.enemy(), attack.Order{Op: attack.Rename, Path: path, To: e.path("moved")})
	e.file("f", after(some()))
	e.locked(e.path("moved"), true, "the file that is mapped")
	e.locked(path, false, "the file that took its name")
	e.shows(d, before(some()), "after the file was renamed")
	e.close(d)
}

func failedOpenLeavesNoLock(e *Env) {
	path := e.file("f", before(some()))
	for name, opt := range map[string]mmapguard.Option{
		"a limit":  mmapguard.WithMaxSize(1),
		"a range":  mmapguard.WithRange(0, int64(some())+1),
		"a digest": mmapguard.WithDigest(mmapguard.VerityDigest{Algorithm: "sha256", Sum: make([]byte, 32)}),
	} {
		_, err := mmapguard.MapFile(path, e.options(opt)...)
		e.check(err != nil, "%s let the file be opened", name)
	}
	empty := e.file("empty", nil)
	_, err := mmapguard.MapFile(empty, e.options()...)
	e.wantPathError(err, mmapguard.ErrEmpty, "an empty file")
	e.locked(path, false, "after failures")
	e.locked(empty, false, "after a failure on an empty file")
}

// leaseHeldUntilUnmap looks at the lease from the other side: a writer who
// comes ends it, and the handle goes on without.
func leaseHeldUntilUnmap(e *Env) {
	want := before(some())
	path := e.file("f", want)
	enemy := e.enemy()
	e.arrange(enemy, attack.Order{Op: attack.OpenWrite, Path: path})
	_, err := mmapguard.MapFile(path, e.options()...)
	e.wantPathError(err, mmapguard.ErrLocked, "beside a writer")
	e.arrange(enemy, attack.Order{Op: attack.Release})
	d := e.mapFile(path)
	e.check(leaseOn(path), "the kernel knows of no lease while the file is mapped")
	e.close(d)
	e.check(!leaseOn(path), "the kernel knows of a lease after Close")
	e.arrange(enemy, attack.Order{Op: attack.OpenWrite, Path: path})
}
