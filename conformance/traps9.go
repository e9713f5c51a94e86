package conformance

import (
	"math/bits"
	"os"
	"runtime"

	"github.com/mmapguard/go/conformance/internal/attack"
	"github.com/mmapguard/go/mmapguard"
)

// TRAP-9 to TRAP-11: what is used up, what is collected, what Windows does
// otherwise.
var traps9 = []Case{
	{
		ID:      "TRAP-9/quarantine-is-bounded",
		Promise: "Closed mappings do not use up the address space, however many and large they were.",
		Applies: Applies{Platforms: onLinux},
		Run:     judge(quarantineIsBounded),
	},
	{
		ID:      "TRAP-9/room-is-made",
		Promise: "When the address space is full of closed mappings, they give way to a new one.",
		Applies: Applies{Platforms: onLinux},
		Run:     judge(roomIsMade),
	},
	{
		ID:      "TRAP-9/exhaustion-is-an-error",
		Promise: "A process at its limit of maps gets an error, can close what it has, and open again.",
		Applies: Applies{Platforms: onLinux},
		Run:     judge(exhaustionIsAnError),
	},
	{
		ID:      "TRAP-10/pinned-by-bytes",
		Promise: "A slice from Bytes keeps its handle, with mapping and lock, from the collector.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(pinnedByBytes),
	},
	{
		ID:      "TRAP-10/reader-keeps-its-handle",
		Promise: "A Reader keeps its handle from the collector.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(readerKeepsItsHandle),
	},
	{
		ID:      "TRAP-11/ranges-of-any-alignment",
		Promise: "A range may begin and end anywhere.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(rangesOfAnyAlignment),
	},
	{
		ID:      "TRAP-11/mapped-file-is-protected",
		Promise: "Windows truncates no file that is mapped, and with Enforced it neither replaces nor removes one.",
		Applies: Applies{
			Mechanisms: []mmapguard.Mechanism{mmapguard.MechanismFlock, mmapguard.MechanismDenyWrite},
			Platforms:  onWindows, Needs: Files,
		},
		Run: judge(mappedFileIsProtected),
	},
}

// quarantineBound is what the documentation of the library allows closed
// mappings to occupy, in bytes.
const quarantineBound = 64<<20 | (64<<30)*(bits.UintSize/64)

// sealedGiant is a file in memory that is larger than all memory, and that
// cannot change, so that a handle of it needs no descriptor.
func (e *Env) sealedGiant(size int64) *os.File {
	f := e.memfd(nil, 0)
	e.must(f.Truncate(size), "making a large file in memory")
	e.seal(f)
	return f
}

func (e *Env) mapOpenFile(f *os.File, opts ...mmapguard.Option) *mmapguard.FileData {
	d, err := mmapguard.MapOpenFile(f, opts...)
	if err != nil {
		e.broken("opening a file in memory: %v", err)
	}
	return d
}

var immutable = mmapguard.WithGuarantee(mmapguard.Immutable)

func quarantineIsBounded(e *Env) {
	const steps = 64
	f := e.sealedGiant(quarantineBound / steps * 2)
	defer func() { _ = f.Close() }()
	was := e.addressSpace()
	for range steps {
		e.close(e.mapOpenFile(f, immutable))
	}
	grown := e.addressSpace() - was
	e.check(grown <= quarantineBound+quarantineBound/steps*4, "the process grew by %d MiB of address space", grown>>20)
}

func roomIsMade(e *Env) {
	const size = quarantineBound / 64
	f := e.sealedGiant(size)
	defer func() { _ = f.Close() }()
	for range 32 {
		e.close(e.mapOpenFile(f, immutable))
	}
	e.limitMemory(size / 2)
	e.close(e.mapOpenFile(f, immutable))
}

// spareMaps is how many maps are left to the library and the runtime.
const spareMaps = 60

func exhaustionIsAnError(e *Env) {
	f := e.sealedGiant(int64(pages(1)))
	defer func() { _ = f.Close() }()
	handles := make([]*mmapguard.FileData, 0, 2*spareMaps)
	release := e.exhaustMaps(spareMaps)
	var failure error
	for range cap(handles) {
		d, err := mmapguard.MapOpenFile(f, immutable)
		if err != nil {
			failure = err
			break
		}
		handles = append(handles, d)
	}
	for _, d := range handles {
		if err := d.Close(); err != nil {
			release()
			e.broken("closing at the limit: %v", err)
		}
	}
	d, err := mmapguard.MapOpenFile(f, immutable)
	release()
	e.check(failure != nil, "%d files were opened beyond the limit", len(handles))
	e.check(e.noRoom(failure), "the failure is %v, want that of the system", failure)
	e.must(err, "opening after others were closed")
	e.close(d)
}

// collect lets the collector find what nobody holds any more, and waits until
// what it then runs has run.
func collect() {
	for range 5 {
		done := make(chan struct{})
		func() {
			marker := new([64]byte)
			runtime.AddCleanup(marker, func(c chan struct{}) { close(c) }, done)
		}()
		runtime.GC()
		<-done
	}
}

func pinnedByBytes(e *Env) {
	want := before(some())
	path := e.file("f", want)
	b := func() []byte { return e.mapFile(path).Bytes() }()
	collect()
	for _, i := range []int{0, len(b) - 1} {
		got, fault := touch(b, i)
		e.check(fault == nil && got == want[i], "byte %d after a collection: %#x, %v", i, got, fault)
	}
	if e.Mechanism == mmapguard.MechanismFlock {
		e.locked(path, true, "after a collection")
	}
}

func readerKeepsItsHandle(e *Env) {
	want := before(some())
	path := e.file("f", want)
	r := e.mapFile(path).NewReader()
	collect()
	got := make([]byte, len(want))
	n, err := r.ReadAt(got, 0)
	e.check(n == len(want) && err == nil, "%d bytes and %v after a collection", n, err)
	e.same(got, want, "after a collection")
}

func rangesOfAnyAlignment(e *Env) {
	data := before(200_000) // more than three steps of 64 KiB
	path := e.file("f", data)
	for _, off := range []int{0, 1, 511, 4095, 4096, 4097, 65535, 65536, 65537, 131072, 199_999} {
		for _, n := range []int{1, 4096, 66_000} {
			if off+n > len(data) {
				continue
			}
			d := e.mapFile(path, mmapguard.WithRange(int64(off), int64(n)))
			e.showsEverywhere(d, data[off:off+n])
			e.close(d)
		}
	}
}

func mappedFileIsProtected(e *Env) {
	path := e.file("f", before(some()))
	d := e.mapFile(path)
	defer e.close(d)
	orders := []attack.Order{{Op: attack.Truncate}}
	if e.Guarantee >= mmapguard.Enforced {
		orders = append(orders, attack.Order{Op: attack.Replace}, attack.Order{Op: attack.Remove}, attack.Order{Op: attack.OpenWrite})
	}
	for _, o := range orders {
		o.Path = path
		e.check(e.enemy().Do(o) != nil, "%s was done to a file that is mapped", o.Op)
	}
	e.shows(d, before(some()), "afterwards")
}
