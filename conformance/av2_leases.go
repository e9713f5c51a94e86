package conformance

import (
	"errors"
	"os"

	"github.com/mmapguard/go/conformance/internal/attack"
	"github.com/mmapguard/go/conformance/internal/strike"
	"github.com/mmapguard/go/mmapguard"
)

// AV-2, where a lease is what stands between the writer and the bytes.
var av2Leases = []Case{
	{
		ID:      "AV-2/moved-before-writer-goes-on",
		Promise: "When a lease is given up for a writer, the file is no longer what is mapped.",
		Applies: Applies{Mechanisms: leased, Platforms: onLinux, Needs: Files | Strikes},
		Run:     judge(movedBeforeWriterGoesOn),
	},
	{
		ID:      "AV-2/large-file-survives-writer",
		Promise: "A file that takes a while to copy is shown unchanged after the writer's truncation, and so are its ranges.",
		Applies: Applies{Mechanisms: leased, Platforms: onLinux, Needs: Files},
		Run:     judge(largeFileSurvivesWriter),
	},
	{
		ID:      "AV-2/no-rescue-no-bytes",
		Promise: "If there is no memory to save the bytes in, they become inaccessible before the writer goes on.",
		Applies: Applies{Mechanisms: leased, Platforms: onLinux, Needs: Files},
		Run:     judge(noRescueNoBytes),
	},
	{
		ID:      "AV-2/impossible-rescue-refused",
		Promise: "A file that could not be saved from a writer is not opened: ErrTooLarge, unless the file system clones.",
		Applies: Applies{Mechanisms: leased, Platforms: onLinux, Needs: Files},
		Run:     judge(impossibleRescueRefused),
	},
	{
		ID:      "AV-2/lying-leases-refused",
		Promise: "A file system that is not known to keep leases is not trusted with one.",
		Applies: Applies{Platforms: onLinux, Needs: Files},
		Run:     judge(lyingLeasesRefused),
	},
	{
		ID:      "AV-2/memfd-lease-refused",
		Promise: "An unnamed file in memory, which grants leases beside its own writer, is not trusted with one.",
		Applies: Applies{Platforms: onLinux},
		Run:     judge(memfdLeaseRefused),
	},
}

// movedBeforeWriterGoesOn looks at the table of maps at the moment when the
// lease is given up.
func movedBeforeWriterGoesOn(e *Env) {
	path := e.file("f", before(some()))
	enemy := e.enemy()
	var writer <-chan error
	stats, gone := 0, false
	out := e.traced(openOrder{Path: path, AwaitWriter: true}, func(c *strike.Call) {
		switch {
		case isFileMap(c) && c.Done && writer == nil:
			stats = 1
		case stats == 1 && c.Name == "fstat" && c.Done:
			stats = 2 // the file is open, as far as the kernel can tell
			writer = enemy.Begin(attack.Order{Op: attack.Truncate, Path: path})
		case writer != nil && isUnlock(c) && !c.Done:
			gone = gone || !e.mappedBy(c.PID, path)
			e.check(gone, "the file was still mapped when the lease was given up")
		}
	})
	e.check(gone, "the lease was never given up; outcome %+v", out)
	e.must(<-writer, "the writer")
	e.check(out.ReadError == "" && out.Before == some(), "after the writer went on: %+v, want %d bytes as before", out, some())
}

const rescued = 24 << 20

func largeFileSurvivesWriter(e *Env) {
	want := before(rescued)
	path := e.file("f", want)
	whole := e.mapFile(path)
	defer e.close(whole)
	const off, n = 1<<20 + 17, 5 << 20
	part := e.mapFile(path, mmapguard.WithRange(off, n))
	defer e.close(part)
	e.attack(attack.Order{Op: attack.Truncate, Path: path})
	e.shows(whole, want, "after the truncation")
	e.shows(part, want[off:off+n], "the range, after the truncation")
	changed, err := whole.Changed()
	e.check(!changed && err == nil, "Changed is %v, %v: the bytes do not depend on the file any more", changed, err)
}

// noRescueNoBytes takes away the memory for the copy.
func noRescueNoBytes(e *Env) {
	const size, left = 256 << 20, 96 << 20
	path := e.sparse("f", size)
	enemy := e.enemy()
	d := e.mapFile(path)
	defer e.close(d)
	was := []byte{1}
	_, err := d.ReadAt(was, 0)
	e.must(err, "reading")
	e.limitMemory(left)
	e.arrange(enemy, attack.Order{Op: attack.Write, Path: path, Data: after(100)})
	is := []byte{1}
	_, err = d.ReadAt(is, 0)
	switch {
	case errors.Is(err, mmapguard.ErrRevoked):
		e.wantPathError(d.View(e.neverCalled), mmapguard.ErrRevoked, "View")
		e.check(d.Bytes() == nil, "Bytes is not nil")
	case err != nil:
		e.broken("ReadAt: %v, want ErrRevoked", err)
	default:
		e.same(is, was, "after the writer went on") // cloned, which needs no memory
	}
}

func impossibleRescueRefused(e *Env) {
	n := int64(some())
	path := e.file("f", before(int(n)))
	e.close(e.mapFile(path, mmapguard.WithMaxCopy(n)))
	d, err := mmapguard.MapFile(path, e.options(mmapguard.WithMaxCopy(n-1))...)
	if err == nil {
		defer e.close(d)
		e.attack(attack.Order{Op: attack.Truncate, Path: path})
		e.shows(d, before(int(n)), "after the truncation")
		return
	}
	e.wantPathError(err, mmapguard.ErrTooLarge, "a file above WithMaxCopy")
}

// lyingLeasesRefused mounts, for this process alone, a file system that grants
// leases beside a live writer.
func lyingLeasesRefused(e *Env) {
	dir := e.mountLiar()
	path := e.path(dir + "/f")
	e.must(os.WriteFile(path, before(some()), 0o644), "making a file")
	d, err := mmapguard.MapFile(path, mmapguard.WithGuarantee(mmapguard.Enforced), mmapguard.WithMechanisms(mmapguard.MechanismLease))
	if err == nil {
		e.close(d)
	}
	e.wantPathError(err, mmapguard.ErrUnsupported, "a lease on an overlay")
	d, err = mmapguard.MapFile(path, mmapguard.WithGuarantee(mmapguard.Isolated), mmapguard.WithMechanisms(mmapguard.MechanismLeasedCopy))
	if err == nil {
		e.close(d)
	}
	e.wantPathError(err, mmapguard.ErrUnsupported, "a copy under a lease on an overlay")
}

func memfdLeaseRefused(e *Env) {
	f := e.memfd(before(some()), 0)
	defer func() { _ = f.Close() }()
	for m, g := range map[mmapguard.Mechanism]mmapguard.Guarantee{
		mmapguard.MechanismLease: mmapguard.Enforced, mmapguard.MechanismLeasedCopy: mmapguard.Isolated,
	} {
		d, err := mmapguard.MapOpenFile(f, mmapguard.WithGuarantee(g), mmapguard.WithMechanisms(m))
		if err == nil {
			e.close(d)
		}
		e.wantPathError(err, mmapguard.ErrUnsupported, m.String()+" on a memfd")
	}
}
