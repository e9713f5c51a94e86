package conformance

import (
	"bytes"
	"errors"
	"io"
	"os"

	"github.com/mmapguard/go/mmapguard"
)

// SR-3: no mutable aliasing of mapped memory.
var sr3 = []Case{
	{
		ID:      "SR-3/mapping-is-read-only",
		Promise: "A store into the mapped bytes faults, and the file stays as it is.",
		Applies: Applies{Mechanisms: each, Needs: Files | Faults},
		Run:     judge(mappingIsReadOnly),
	},
	{
		ID:      "SR-3/cannot-be-made-writable",
		Promise: "The map of a file cannot be made writable afterwards, however the file was opened.",
		Applies: Applies{Mechanisms: fileMaps, Platforms: onUnix, Needs: Files},
		Run:     judge(cannotBeMadeWritable),
	},
	{
		ID:      "SR-3/reads-are-copies",
		Promise: "What ReadAt and a Reader return is a copy: changing it changes nothing else.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(readsAreCopies),
	},
	{
		ID:      "SR-3/writers-get-copies",
		Promise: "A writer of user code that changes what WriteTo gives it changes a copy.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(writersGetCopies),
	},
	{
		ID:      "SR-3/opened-for-reading-only",
		Promise: "The library opens the file for reading and with no other right.",
		Applies: Applies{
			// The others make files of their own, which they have to write.
			Mechanisms: []mmapguard.Mechanism{
				mmapguard.MechanismFlock, mmapguard.MechanismLease,
				mmapguard.MechanismLeasedCopy, mmapguard.MechanismCheckedCopy,
			},
			Platforms: onLinux, Needs: Files | Strikes,
		},
		Run: judge(openedForReadingOnly),
	},
}

func mappingIsReadOnly(e *Env) {
	want := before(some())
	path := e.file("f", want)
	d := e.mapFile(path)
	defer e.close(d)
	b := d.Bytes()
	for _, i := range []int{0, len(b) / 2, len(b) - 1} {
		e.check(scribble(b, i) != nil, "byte %d of the mapping was written to", i)
	}
	e.shows(d, want, "afterwards")
	got, err := os.ReadFile(path)
	e.must(err, "reading the file")
	e.same(got, want, "the file")
}

// cannotBeMadeWritable hands the library a descriptor that could write, which
// it must not map.
func cannotBeMadeWritable(e *Env) {
	path := e.file("f", before(some()))
	d := e.mapFile(path)
	e.check(makeWritable(d.Bytes()) != nil, "the mapping was made writable")
	e.close(d)
	if e.Mechanism == mmapguard.MechanismFsVerity {
		return // nobody can have such a file open for writing
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	e.must(err, "opening for writing")
	defer func() { _ = f.Close() }()
	given, err := mmapguard.MapOpenFile(f, e.options()...)
	if errors.Is(err, mmapguard.ErrLocked) || errors.Is(err, mmapguard.ErrChanged) {
		return // not beside a writer
	}
	if err != nil {
		e.broken("MapOpenFile: %v", err)
	}
	defer e.close(given)
	e.check(makeWritable(given.Bytes()) != nil, "the mapping of a file that is open for writing was made writable")
}

func readsAreCopies(e *Env) {
	want := before(some())
	d := e.mapFile(e.file("f", want))
	defer e.close(d)
	got, err := read(d)
	e.must(err, "ReadAt")
	clear(got)
	got, err = io.ReadAll(d.NewReader())
	e.must(err, "Reader")
	clear(got)
	e.shows(d, want, "afterwards")
}

// vandal is a writer that breaks the rule of io.Writer not to change what it is
// given.
type vandal struct{ bytes.Buffer }

func (v *vandal) Write(p []byte) (int, error) {
	n, err := v.Buffer.Write(p)
	clear(p)
	return n, err
}

func writersGetCopies(e *Env) {
	want := before(some())
	d := e.mapFile(e.file("f", want))
	defer e.close(d)
	var v vandal
	_, err := d.WriteTo(&v)
	e.must(err, "WriteTo")
	e.same(v.Bytes(), want, "what the writer got")
	e.shows(d, want, "afterwards")
}

func openedForReadingOnly(e *Env) {
	path := e.file("f", before(some()))
	opened := 0
	for _, c := range e.observe(openOrder{Path: path}) {
		if c.Name != "openat" || opened == 0 && c.Path != path {
			continue // the program's own beginnings
		}
		opened++
		e.check(c.Args[2]&uint64(os.O_WRONLY|os.O_RDWR) == 0, "%s was opened with flags %#x", c.Path, c.Args[2])
	}
	e.check(opened > 0, "the file was never opened")
}
