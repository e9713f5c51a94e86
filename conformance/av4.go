package conformance

import (
	"os"

	"github.com/mmapguard/go/conformance/internal/attack"
	"github.com/mmapguard/go/conformance/internal/strike"
	"github.com/mmapguard/go/mmapguard"
)

// AV-4: a race between the check and the map.
var av4 = []Case{
	{
		ID:      "AV-4/limit-checked-again",
		Promise: "A file that grows beyond the limit after it was first looked at is ErrTooLarge.",
		Applies: Applies{Mechanisms: shared, Platforms: onLinux, Needs: Files | Strikes},
		Run:     judge(limitCheckedAgain),
	},
	{
		ID:      "AV-4/size-taken-under-the-lock",
		Promise: "A file that changes its size before it is locked is opened with the size it has then.",
		Applies: Applies{
			Mechanisms: []mmapguard.Mechanism{mmapguard.MechanismFlock, mmapguard.MechanismLease, mmapguard.MechanismCheckedCopy},
			Platforms:  onLinux, Needs: Files | Strikes,
		},
		Run: judge(sizeTakenUnderTheLock),
	},
	{
		ID:      "AV-4/shrunk-before-map",
		Promise: "A file that is truncated between the last check and the map is ErrChanged.",
		Applies: Applies{Mechanisms: shared, Platforms: onLinux, Needs: Files | Strikes},
		Run:     judge(shrunkBeforeMap),
	},
	{
		ID:      "AV-4/file-swapped-before-lock",
		Promise: "Where a file can be locked by its name alone, another file that took the name is ErrReplaced.",
		Applies: Applies{Mechanisms: shared, Platforms: onLinux, Needs: Files | Strikes},
		Run:     judge(fileSwappedBeforeLock),
	},
	{
		ID:      "AV-4/name-swapped-before-lock",
		Promise: "A name that another file takes during the opening does not mix the two.",
		Applies: Applies{Mechanisms: shared, Platforms: onLinux, Needs: Files | Strikes},
		Run:     judge(nameSwappedBeforeLock),
	},
	{
		ID:      "AV-4/copy-is-not-a-mix",
		Promise: "A copy during which another process changed the file, leaving no trace in its times, is not a mix of the two versions.",
		Applies: Applies{Mechanisms: checkedCopy, Platforms: onLinux, Needs: Files | Strikes},
		Run:     judge(copyIsNotAMix),
	},
	{
		ID:      "AV-4/copy-notices-truncation",
		Promise: "A copy during which the file was truncated shows one version or is an error.",
		Applies: Applies{Mechanisms: checkedCopy, Platforms: onLinux, Needs: Files | Strikes},
		Run:     judge(copyNoticesTruncation),
	},
	{
		ID:      "AV-4/populate-finds-bad-pages",
		Promise: "WithPopulate makes a page that cannot be read an error of opening.",
		Applies: Applies{Mechanisms: shared, Platforms: onLinux, Needs: Files | Faults | Strikes},
		Run:     judge(populateFindsBadPages),
	},
}

func limitCheckedAgain(e *Env) {
	path := e.file("f", before(1000))
	enemy := e.enemy()
	out := e.strike(openOrder{Path: path, MaxSize: 2000}, isLock, func() {
		e.arrange(enemy, attack.Order{Op: attack.Append, Path: path, Data: after(2000)})
	})
	e.check(out.is(mmapguard.ErrTooLarge), "%+v, want ErrTooLarge", out)
}

func sizeTakenUnderTheLock(e *Env) {
	n := some()
	path := e.file("f", before(n/2))
	enemy := e.enemy()
	out := e.strike(openOrder{Path: path}, isLock, func() {
		e.arrange(enemy, attack.Order{Op: attack.Append, Path: path, Data: before(n)[n/2:]})
	})
	e.check(out.Error == "" && out.Before == n, "%+v, want the %d bytes there were under the lock", out, n)
}

func shrunkBeforeMap(e *Env) {
	path := e.file("f", before(some()))
	enemy := e.enemy()
	out := e.strike(openOrder{Path: path}, isFileMap, func() {
		e.arrange(enemy, attack.Order{Op: attack.Truncate, Path: path, Size: int64(pages(1))})
	})
	e.check(out.is(mmapguard.ErrChanged), "%+v, want ErrChanged", out)
}

// isSecondOpen tells the moment before a name is opened for the second time,
// which is for the lock.
func isSecondOpen(name string) func(*strike.Call) bool {
	opens := 0
	return func(c *strike.Call) bool {
		if c.Name == "openat" && c.Path == name && !c.Done {
			opens++
		}
		return opens == 2
	}
}

// fileSwappedBeforeLock takes /proc away, so that nothing but the name leads to
// the file.
func fileSwappedBeforeLock(e *Env) {
	enemy := e.enemy()
	for what, o := range map[string]attack.Order{
		"another file": {Op: attack.Replace, Data: after(some())},
		"a pipe":       {Op: attack.Fifo},
		"nothing":      {Op: attack.Remove},
	} {
		o.Path = e.file("f", before(some()))
		out := e.strike(openOrder{Path: "/f", Chroot: e.Dir}, isSecondOpen("/f"), func() { e.arrange(enemy, o) })
		e.check(out.is(mmapguard.ErrReplaced), "%s took the name: %+v, want ErrReplaced", what, out)
		if o.Op != attack.Remove {
			e.must(os.Remove(o.Path), "removing a file")
		}
	}
}

func nameSwappedBeforeLock(e *Env) {
	path := e.file("f", before(some()))
	enemy := e.enemy()
	out := e.strike(openOrder{Path: path}, isSecondOpen(path), func() {
		e.arrange(enemy, attack.Order{Op: attack.Replace, Path: path, Data: after(some())})
	})
	e.check(out.Error == "" && out.Before == some(), "%+v, want the file that was opened", out)
}

// copied is more than the library reads at a time.
const copied = 2<<20 + 64<<10

// isSecondRead tells a read of the file's later half.
func isSecondRead(c *strike.Call) bool {
	const large = 64 << 10 // nothing else in the program reads so much at once
	return c.Name == "pread" && !c.Done && c.Args[2] >= large && c.Args[3] > 0
}

// copyIsNotAMix stores through a writable map whose pages are dirty already:
// that moves none of the file's times.
func copyIsNotAMix(e *Env) {
	path := e.file("f", before(copied))
	enemy := e.enemy()
	e.arrange(enemy, attack.Order{Op: attack.MapWrite, Path: path})
	out := e.strike(openOrder{Path: path}, isSecondRead, func() {
		e.arrange(enemy, attack.Order{Op: attack.Store, Data: after(copied)})
	})
	e.oneVersion(out, copied)
}

func copyNoticesTruncation(e *Env) {
	path := e.file("f", before(copied))
	enemy := e.enemy()
	out := e.strike(openOrder{Path: path}, isSecondRead, func() {
		e.arrange(enemy, attack.Order{Op: attack.Truncate, Path: path, Size: 1 << 20})
	})
	if out.Error == "" && out.ReadError == "" && out.Before == 1<<20 {
		return // tried again, and got the new version
	}
	e.oneVersion(out, copied)
}

func (e *Env) oneVersion(out openOutcome, n int) {
	switch {
	case out.is(mmapguard.ErrChanged):
	case out.Error != "" || out.ReadError != "":
		e.broken("%+v, want one version or ErrChanged", out)
	case out.Before != n && out.After != n:
		e.broken("a mix of two versions: %d bytes of the old, %d of the new, %d of neither", out.Before, out.After, out.Other)
	}
}

// populateFindsBadPages strikes after the last look at the file.
func populateFindsBadPages(e *Env) {
	path := e.file("f", before(some()))
	enemy := e.enemy()
	mapped := false
	lastLook := func(c *strike.Call) bool {
		mapped = mapped || isFileMap(c)
		return mapped && c.Done && c.Name == "fstat"
	}
	out := e.strike(openOrder{Path: path, Populate: true}, lastLook, func() {
		e.arrange(enemy, attack.Order{Op: attack.Truncate, Path: path, Size: int64(some() / 2)})
	})
	e.check(out.is(mmapguard.ErrFault), "%+v, want a fault while opening", out)
}
