package conformance

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/mmapguard/go/conformance/internal/attack"
	"github.com/mmapguard/go/mmapguard"
)

// TRAP-5 to TRAP-8: changes that no fault tells, and sizes that mean nothing.
var traps5 = []Case{
	{
		ID:      "TRAP-5/changed-tells-silent-changes",
		Promise: "Changed notices a rewrite in place, growth, and a truncation within the last page, none of which faults.",
		Applies: Applies{Mechanisms: shared, Needs: Files},
		Run:     judge(changedTellsSilentChanges),
	},
	{
		ID:      "TRAP-5/changed-is-quiet",
		Promise: "Changed is false for a file that nobody changed, and for bytes that do not depend on the file.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(changedIsQuiet),
	},
	{
		ID:      "TRAP-6/private-bytes-stay",
		Promise: "Pages of a private copy that have not been touched yet do not follow the file, nor fault.",
		Applies: Applies{Mechanisms: private, Needs: Files},
		Run:     judge(privateBytesStay),
	},
	{
		ID:      "TRAP-7/residency-proves-nothing",
		Promise: "Pages that were read before, or populated, are an error all the same once the file was truncated.",
		Applies: Applies{Mechanisms: shared, Needs: Files | Faults},
		Run:     judge(residencyProvesNothing),
	},
	{
		ID:      "TRAP-8/made-up-files-refused",
		Promise: "Files that the kernel makes up as they are read, whose size means nothing, are ErrNotRegular.",
		Applies: Applies{Platforms: onLinux},
		Run:     judge(madeUpFilesRefused),
	},
}

func changedTellsSilentChanges(e *Env) {
	n := some()
	for name, o := range map[string]attack.Order{
		"a rewrite":             {Op: attack.Write, Data: after(10)},
		"growth":                {Op: attack.Append, Data: after(10)},
		"a truncation by bytes": {Op: attack.Truncate, Size: int64(n) - 10},
	} {
		o.Path = e.file("f", before(n))
		// The clock that stamps files ticks a few times in a hundredth of a second,
		// and a change within the tick of the opening does not show.
		old := time.Now().Add(-time.Hour)
		e.must(os.Chtimes(o.Path, old, old), "setting the times back")
		d := e.mapFile(o.Path)
		e.changed(d, false, "before")
		if e.attack(o) {
			e.changed(d, true, "after "+name)
		}
		e.close(d)
	}
}

func (e *Env) changed(d *mmapguard.FileData, want bool, when string) {
	got, err := d.Changed()
	e.must(err, "Changed")
	e.check(got == want, "%s: Changed is %v, want %v", when, got, want)
}

func changedIsQuiet(e *Env) {
	path := e.file("f", before(some()))
	d := e.mapFile(path)
	defer e.close(d)
	e.changed(d, false, "at once")
	e.shows(d, before(some()), "reading")
	e.changed(d, false, "after reading")
	if e.Guarantee >= mmapguard.Isolated || e.Mechanism == mmapguard.MechanismLease {
		e.attack(attack.Order{Op: attack.Append, Path: path, Data: after(10)})
		e.changed(d, false, "after growth that does not concern the bytes")
	}
}

func privateBytesStay(e *Env) {
	want := before(some())
	path := e.file("f", want)
	rewritten, truncated := e.mapFile(path), e.mapFile(path)
	defer e.close(rewritten)
	defer e.close(truncated)
	e.attack(attack.Order{Op: attack.Write, Path: path, Data: after(some())})
	e.shows(rewritten, want, "after the rewrite")
	e.attack(attack.Order{Op: attack.Truncate, Path: path})
	e.shows(truncated, want, "after the truncation")
}

func residencyProvesNothing(e *Env) {
	d := e.truncatedAfter(func(d *mmapguard.FileData) { e.shows(d, before(some()), "before") })
	defer e.close(d)
	for _, off := range []int64{0, d.Size() / 2, d.Size() - 1} {
		n, err := d.ReadAt(make([]byte, 1), off)
		e.check(n == 0, "a byte was reported as read")
		e.wantFault(err, 0, d.Size(), "ReadAt")
	}
}

// madeUp are files whose sizes mean nothing: 0, a page, or whatever was written
// there last.
var madeUp = []string{
	"/proc/self/maps", "/proc/self/status", "/proc/cpuinfo", "/proc/sys/kernel/ostype",
	"/sys/devices/system/cpu/online", "/sys/kernel/mm/transparent_hugepage/enabled", "/sys/fs/cgroup/cgroup.procs",
}

func madeUpFilesRefused(e *Env) {
	seen := 0
	for _, path := range madeUp {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		e.must(err, "looking at "+path)
		if !info.Mode().IsRegular() {
			continue
		}
		seen++
		for _, g := range mmapguard.Guarantees() {
			_, err := mmapguard.MapFile(path, mmapguard.WithGuarantee(g))
			e.wantPathError(err, mmapguard.ErrNotRegular, path)
		}
	}
	if seen == 0 {
		e.notOffered("there is neither /proc nor /sys")
	}
}
