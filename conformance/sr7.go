package conformance

import (
	"runtime"
	"strings"
	"time"

	"github.com/mmapguard/go/mmapguard"
)

// SR-7: no descriptor or mapping leaks across handles.
var sr7 = []Case{
	{
		ID:      "SR-7/no-descriptor-left",
		Promise: "Closed handles leave no descriptor open.",
		Applies: Applies{Mechanisms: each, Platforms: onUnix, Needs: Files},
		Run:     judge(noDescriptorLeft),
	},
	{
		ID:      "SR-7/no-descriptor-left-after-failures",
		Promise: "Opening that fails leaves no descriptor open, at whichever step it fails.",
		Applies: Applies{Mechanisms: each, Platforms: onUnix, Needs: Files},
		Run:     judge(noDescriptorLeftAfterFailures),
	},
	{
		ID:      "SR-7/no-mapping-left",
		Promise: "Closed handles leave nothing of the file mapped.",
		Applies: Applies{Mechanisms: each, Platforms: onLinux, Needs: Files},
		Run:     judge(noMappingLeft),
	},
	{
		ID:      "SR-7/private-copy-has-no-descriptor",
		Promise: "While private bytes are mapped, no descriptor leads to them.",
		Applies: Applies{Mechanisms: private, Platforms: onUnix, Needs: Files},
		Run:     judge(privateCopyHasNoDescriptor),
	},
	{
		ID:      "SR-7/handles-are-independent",
		Promise: "Closing one handle of a file leaves the others as they are.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(handlesAreIndependent),
	},
	{
		ID:      "SR-7/lease-goroutine-ends",
		Promise: "The goroutine that serves the leases ends with the last of them.",
		Applies: Applies{Mechanisms: leased, Needs: Files},
		Run:     judge(leaseGoroutineEnds),
	},
	{
		ID:      "SR-7/dropped-handle-is-released",
		Promise: "A handle that was forgotten without Close is released by the collector, lock and all.",
		Applies: Applies{Mechanisms: shared, Needs: Files},
		Run:     judge(droppedHandleIsReleased),
	},
	{
		ID:      "SR-7/given-files-leave-nothing",
		Promise: "Files that were there before leave no descriptor open.",
		Applies: Applies{Mechanisms: each, Platforms: onUnix, Needs: Content},
		Run:     judge(givenFilesLeaveNothing),
	},
}

// leaksNothing runs something often and counts the descriptors.
func (e *Env) leaksNothing(do func()) {
	do() // what is only set up once does not count
	was := e.descriptors()
	between("leaks-nothing", func() {
		for range 10 {
			do()
		}
	})
	is := e.descriptors()
	e.check(len(is) <= len(was), "%d descriptors were open before, %d after 10 times: %s", len(was), len(is), strings.Join(is, ", "))
}

func (e *Env) descriptors() []string {
	list, err := descriptors()
	e.must(err, "listing descriptors")
	return list
}

func noDescriptorLeft(e *Env) {
	path := e.file("f", before(some()))
	e.leaksNothing(func() { e.close(e.mapFile(path)) })
}

func noDescriptorLeftAfterFailures(e *Env) {
	path, empty := e.file("f", before(some())), e.file("empty", nil)
	e.leaksNothing(func() {
		for name, try := range map[string]func() (*mmapguard.FileData, error){
			"an empty file": func() (*mmapguard.FileData, error) { return mmapguard.MapFile(empty, e.options()...) },
			"a directory":   func() (*mmapguard.FileData, error) { return mmapguard.MapFile(e.Dir, e.options()...) },
			"a limit": func() (*mmapguard.FileData, error) {
				return mmapguard.MapFile(path, e.options(mmapguard.WithMaxSize(1))...)
			},
			"a range": func() (*mmapguard.FileData, error) {
				return mmapguard.MapFile(path, e.options(mmapguard.WithRange(1, int64(some())))...)
			},
		} {
			d, err := try()
			if err == nil {
				e.close(d)
				e.broken("%s was no failure", name)
			}
		}
	})
}

func noMappingLeft(e *Env) {
	path := e.file("f", before(some()))
	between("no-mapping-left", func() { e.close(e.mapFile(path)) })
	for _, m := range e.mappings() {
		e.check(!strings.Contains(m.path, e.Dir), "%s is still mapped", m.path)
		e.check(!strings.Contains(m.path, "memfd:mmapguard"), "%s is still mapped", m.path)
	}
}

// privateCopyHasNoDescriptor compares with a handle of no private file at all.
func privateCopyHasNoDescriptor(e *Env) {
	path := e.file("f", before(some()))
	e.close(e.mapFile(path))
	was := e.descriptors()
	d := e.mapFile(path)
	defer e.close(d)
	is := e.descriptors()
	e.check(len(is) <= len(was), "%d descriptors were open before, %d while mapped: %s", len(was), len(is), strings.Join(is, ", "))
}

func handlesAreIndependent(e *Env) {
	want := before(some())
	path := e.file("f", want)
	one, two := e.mapFile(path), e.mapFile(path)
	e.close(one)
	e.shows(two, want, "after another handle was closed")
	three := e.mapFile(path)
	e.close(two)
	e.shows(three, want, "after two other handles were closed")
	e.close(three)
}

func leaseGoroutineEnds(e *Env) {
	path := e.file("f", before(some()))
	handles := []*mmapguard.FileData{e.mapFile(path), e.mapFile(path)}
	e.check(libraryGoroutines() == 1, "%d goroutines of the library serve two leases, want 1", libraryGoroutines())
	for _, d := range handles {
		e.close(d)
	}
	// Close waits until the goroutine has done its work. That it is still counted
	// on its last steps, as on a processor that is slow, is no leak.
	left := libraryGoroutines()
	for looks := 0; left > 0 && looks < 1000; looks++ {
		time.Sleep(time.Millisecond)
		left = libraryGoroutines()
	}
	e.check(left == 0, "%d goroutines of the library are left after the last lease", left)
}

// libraryGoroutines counts the goroutines that the library started.
func libraryGoroutines() int {
	const most = 1 << 20
	stacks := make([]byte, most)
	stacks = stacks[:runtime.Stack(stacks, true)]
	return strings.Count(string(stacks), "created by "+libraryPath+".")
}

func droppedHandleIsReleased(e *Env) {
	path := e.file("f", before(some()))
	func() { e.shows(e.mapFile(path), before(some()), "before") }()
	enemy := e.enemy()
	// The collector may take its time; the case's own is the bound.
	for !e.canLock(enemy, path) {
		runtime.GC()
	}
}

func givenFilesLeaveNothing(e *Env) {
	e.leaksNothing(func() {
		for _, name := range e.Content {
			e.close(e.mapGiven(name))
		}
	})
}
