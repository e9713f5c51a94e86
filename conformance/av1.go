package conformance

import (
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"

	"github.com/mmapguard/go/conformance/internal/attack"
	"github.com/mmapguard/go/mmapguard"
)

// AV-1: a crafted file, or stream, triggers undefined behaviour.
var av1 = []Case{
	{
		ID:      "AV-1/special-files-refused",
		Promise: "A directory, a pipe, a socket and a device are ErrNotRegular.",
		Applies: Applies{Needs: Files},
		Run:     judge(specialFilesRefused),
	},
	{
		ID:      "AV-1/giant-sparse-file",
		Promise: "A file of far more bytes than there is memory opens, or is refused; its end can be read.",
		Applies: Applies{Mechanisms: giantMaps, Platforms: onUnix, Needs: Files},
		Run:     judge(giantSparseFile),
	},
	{
		ID:      "AV-1/storage-errors-are-errors",
		Promise: "Bytes that cannot be read without a mapping cannot be read with one: an error comes instead, never other bytes or a crash.",
		Applies: Applies{Mechanisms: each, Needs: Files | SharedFaults | AnyStorage},
		Run:     judge(storageErrorsAreErrors),
	},
	{
		ID:      "AV-1/hostile-names",
		Promise: "No name of a file that the file system allows is misunderstood.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(hostileNames),
	},
	{
		ID:      "AV-1/reader-limit-exact",
		Promise: "A reader of more bytes than allowed is ErrTooLarge without any of them; one of just as many is read.",
		Run:     judge(readerLimitExact),
	},
	{
		ID:      "AV-1/reader-without-progress",
		Promise: "A reader that again and again returns nothing is given up.",
		Run:     judge(readerWithoutProgress),
	},
	{
		ID:      "AV-1/reader-with-false-counts",
		Promise: "A reader that claims to have read what it cannot have read is an error.",
		Run:     judge(readerWithFalseCounts),
	},
	{
		ID:      "AV-1/reader-that-fails",
		Promise: "A reader's failure is passed on, without the bytes read before.",
		Run:     judge(readerThatFails),
	},
}

func specialFilesRefused(e *Env) {
	refused := func(path, what string) {
		_, err := mmapguard.MapFile(path)
		e.wantPathError(err, mmapguard.ErrNotRegular, what)
	}
	refused(e.Dir, "a directory")
	refused(os.DevNull, "a device")
	fifo := attack.Order{Op: attack.Fifo, Path: e.path("fifo")}
	if err := e.enemy().Do(fifo); !errors.Is(err, attack.ErrMissing) {
		e.must(err, "making a pipe")
		refused(fifo.Path, "a pipe")
	}
	// The name of a socket may have a hundred bytes, which the case's folder can
	// exceed.
	if l, err := net.Listen("unix", e.path("s")); err == nil {
		refused(e.path("s"), "a socket")
		e.must(l.Close(), "closing the socket")
	}
}

// giantSize is more than any machine has memory, and less than a process has
// addresses; on 32 bits it is more than that.
const giantSize = 1 << 40

// giantMaps are maps of a file but for fs-verity: the hashes of a giant file
// would fill somebody's disk, and with them it could not be made sparse any more.
var giantMaps = slices.DeleteFunc(slices.Clone(fileMaps), func(m mmapguard.Mechanism) bool {
	return m == mmapguard.MechanismFsVerity
})

// giantCopy is how much of a giant file a library that did copy it would get:
// more than it copies by default, less than a small machine has.
const giantCopy = mmapguard.DefaultMaxCopy + 1<<30

func giantSparseFile(e *Env) {
	path := e.sparse("giant", giantSize)
	e.boundCopies(giantCopy)
	d, err := mmapguard.MapFile(path, e.options()...)
	switch {
	case errors.Is(err, mmapguard.ErrTooLarge), errors.Is(err, mmapguard.ErrUnsupported), e.noRoom(err):
		return
	case err != nil:
		e.broken("opening: %v", err)
	}
	defer e.close(d)
	e.check(d.Size() == giantSize, "Size is %d, want %d", d.Size(), int64(giantSize))
	last := []byte{1}
	n, err := d.ReadAt(last, giantSize-1)
	e.check(n == 1 && err == nil && last[0] == 0, "the last byte: %d bytes, %v, %#x", n, err, last[0])
}

func hostileNames(e *Env) {
	want := before(100)
	for _, name := range []string{
		" ", "-", "--help", "a\nb", "%s%n", "a b", "ü", "\xff\xfe", "a'b\"c", "*?[", strings.Repeat("n", 255), "NUL.txt", "C:",
	} {
		if err := os.WriteFile(e.path(name), want, 0o644); err != nil {
			continue // not a name here
		}
		path := e.file(name, want)
		d := e.mapFile(path)
		e.shows(d, want, "the file "+name)
		e.close(d)
		e.must(os.Remove(path), "removing a file")
	}
}

func readerLimitExact(e *Env) {
	for _, n := range []int{0, 1, 4095, 65535, 65536, 65537, 300_000} {
		want := before(n)
		for _, limit := range []int64{int64(n), int64(n) + 1, mmapguard.NoLimit} {
			d, err := mmapguard.LoadReader(strings.NewReader(string(want)), limit)
			e.must(err, "within the limit")
			e.shows(d, want, "what was read")
			e.close(d)
		}
		if n > 0 {
			_, err := mmapguard.LoadReader(strings.NewReader(string(want)), int64(n)-1)
			e.wantPathError(err, mmapguard.ErrTooLarge, "one byte above the limit")
		}
	}
}

// readerFunc makes a reader of a function.
type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// patience is how many empty reads are far too many.
const patience = 100_000

func readerWithoutProgress(e *Env) {
	reads := 0
	_, err := mmapguard.LoadReader(readerFunc(func([]byte) (int, error) {
		if reads++; reads > patience {
			return 0, errors.New("out of patience")
		}
		return 0, nil
	}), mmapguard.NoLimit)
	e.wantPathError(err, io.ErrNoProgress, "a reader without progress")
}

func readerWithFalseCounts(e *Env) {
	for name, count := range map[string]func([]byte) int{
		"too many": func(p []byte) int { return len(p) + 1 },
		"negative": func([]byte) int { return -1 },
	} {
		_, err := mmapguard.LoadReader(readerFunc(func(p []byte) (int, error) { return count(p), nil }), 1<<20)
		e.check(err != nil && !errors.Is(err, mmapguard.ErrTooLarge), "%s: %v, want an error about the count", name, err)
	}
}

func readerThatFails(e *Env) {
	failure := errors.New("the line went dead")
	r := io.MultiReader(strings.NewReader("some"), readerFunc(func([]byte) (int, error) { return 0, failure }))
	d, err := mmapguard.LoadReader(r, mmapguard.NoLimit)
	e.wantPathError(err, failure, "a reader that fails")
	e.check(d == nil, "there is a handle all the same")
}
