package conformance

import (
	"io"
	"io/fs"
	"strings"

	"github.com/mmapguard/go/conformance/internal/attack"
	"github.com/mmapguard/go/mmapguard"
)

// AV-3: an empty file panics.
var av3 = []Case{
	{
		ID:      "AV-3/empty-file",
		Promise: "A file of no bytes is ErrEmpty, whatever else is asked for.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(emptyFile),
	},
	{
		ID:      "AV-3/empty-stream",
		Promise: "A reader of no bytes gives a handle of no bytes, every method of which works.",
		Run:     judge(emptyStream),
	},
	{
		ID:      "AV-3/emptied-during-open",
		Promise: "A file that is emptied after it was first looked at is ErrEmpty.",
		Applies: Applies{Mechanisms: shared, Platforms: onLinux, Needs: Files | Strikes},
		Run:     judge(emptiedDuringOpen),
	},
}

func emptyFile(e *Env) {
	if e.Mechanism == mmapguard.MechanismFsVerity {
		e.notOffered("whether an empty file has fs-verity depends on the kernel")
	}
	path := e.file("empty", nil)
	for _, opts := range [][]mmapguard.Option{nil, {mmapguard.WithPopulate()}, {mmapguard.WithMaxSize(0)}} {
		_, err := mmapguard.MapFile(path, e.options(opts...)...)
		e.wantPathError(err, mmapguard.ErrEmpty, "an empty file")
		e.wantError(err, fs.ErrInvalid, "an empty file")
	}
}

func emptyStream(e *Env) {
	d, err := mmapguard.LoadReader(strings.NewReader(""), 0)
	e.must(err, "loading nothing")
	e.check(d.Len() == 0 && d.Backing() == mmapguard.Loaded, "%d bytes, %v", d.Len(), d.Backing())
	e.showsEverywhere(d, []byte{})
	_, err = d.ReadAt(make([]byte, 1), 0)
	e.wantError(err, io.EOF, "ReadAt")
	_, err = d.NewReader().ReadByte()
	e.wantError(err, io.EOF, "ReadByte")
	e.close(d)
	e.wantPathError(d.Close(), mmapguard.ErrClosed, "the second Close")
}

func emptiedDuringOpen(e *Env) {
	path := e.file("f", before(some()))
	enemy := e.enemy()
	out := e.strike(openOrder{Path: path}, isLock, func() {
		e.arrange(enemy, attack.Order{Op: attack.Truncate, Path: path})
	})
	e.check(out.is(mmapguard.ErrEmpty), "%+v, want ErrEmpty", out)
}
