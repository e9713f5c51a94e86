package conformance

import (
	"io/fs"
	"math"
	"os"

	"github.com/mmapguard/go/conformance/internal/strike"
	"github.com/mmapguard/go/mmapguard"
)

// SR-5: every pre-flight condition is checked before the map.
var sr5 = []Case{
	{
		ID:      "SR-5/order-observed",
		Promise: "The file is looked at, secured, looked at again, mapped for reading alone, and looked at a last time, in this order.",
		Applies: Applies{
			Mechanisms: []mmapguard.Mechanism{mmapguard.MechanismFlock, mmapguard.MechanismLease},
			Platforms:  onLinux, Needs: Files | Strikes,
		},
		Run: judge(orderObserved),
	},
	{
		ID:      "SR-5/limits-before-map",
		Promise: "A file of more bytes than allowed is ErrTooLarge; one of just as many is not.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(limitsBeforeMap),
	},
	{
		ID:      "SR-5/copy-limit",
		Promise: "A mechanism that copies does not copy more than allowed.",
		Applies: Applies{
			Mechanisms: []mmapguard.Mechanism{mmapguard.MechanismLeasedCopy, mmapguard.MechanismCheckedCopy},
			Needs:      Files,
		},
		Run: judge(copyLimit),
	},
	{
		ID:      "SR-5/missing-file",
		Promise: "A file that does not exist is fs.ErrNotExist, and is not made.",
		Run:     judge(missingFile),
	},
	{
		ID:      "SR-5/permission-denied",
		Promise: "A file that must not be read is fs.ErrPermission.",
		Applies: Applies{Platforms: onUnix, Needs: Files},
		Run:     judge(permissionDenied),
	},
	{
		ID:      "SR-5/senseless-options",
		Promise: "Options that make no sense on any file are fs.ErrInvalid, before a file is opened.",
		Run:     judge(senselessOptions),
	},
	{
		ID:      "SR-5/range-outside-the-file",
		Promise: "A range that is not within the file is fs.ErrInvalid.",
		Applies: Applies{Mechanisms: each, Needs: Files},
		Run:     judge(rangeOutsideTheFile),
	},
	{
		ID:      "SR-5/given-limits",
		Promise: "The limits hold for files that were there before.",
		Applies: Applies{Mechanisms: each, Needs: Content},
		Run:     judge(givenLimits),
	},
}

// orderObserved looks at the kernel's side of opening a file.
func orderObserved(e *Env) {
	var steps []string
	path := e.file("f", before(some()))
	e.traced(openOrder{Path: path}, func(c *strike.Call) {
		if !c.Done || c.Result < 0 {
			return
		}
		switch {
		case c.Name == "openat" && c.Path == path:
			steps = append(steps, "open")
		case len(steps) == 0:
			// What came before the first open is not the library's.
		case isLock(c):
			steps = append(steps, "lock")
		case isFileMap(c):
			steps = append(steps, "map")
			e.check(readOnlyMap(c), "the file was mapped with the rights %#x", c.Args[2])
		case c.Name == "fstat":
			steps = append(steps, "look")
		}
	})
	for _, want := range [][]string{{"open", "look", "lock"}, {"lock", "look", "map"}, {"map", "look"}} {
		e.check(inOrder(steps, want), "no %q in the steps %q", want, steps)
	}
}

// inOrder tells whether the wanted steps come one after the other, with others
// in between.
func inOrder(steps, want []string) bool {
	for _, s := range steps {
		if len(want) > 0 && s == want[0] {
			want = want[1:]
		}
	}
	return len(want) == 0
}

func limitsBeforeMap(e *Env) {
	n := int64(some())
	path := e.file("f", before(int(n)))
	e.close(e.mapFile(path, mmapguard.WithMaxSize(n)))
	for _, limit := range []int64{n - 1, 1, 0} {
		_, err := mmapguard.MapFile(path, e.options(mmapguard.WithMaxSize(limit))...)
		e.wantPathError(err, mmapguard.ErrTooLarge, "above the limit")
	}
	_, err := mmapguard.MapFile(path, e.options(mmapguard.WithMaxSize(n-1), mmapguard.WithRange(0, 1))...)
	e.wantPathError(err, mmapguard.ErrTooLarge, "a range of a file above the limit")
}

func copyLimit(e *Env) {
	n := int64(some())
	path := e.file("f", before(int(n)))
	e.close(e.mapFile(path, mmapguard.WithMaxCopy(n)))
	_, err := mmapguard.MapFile(path, e.options(mmapguard.WithMaxCopy(n-1))...)
	e.wantPathError(err, mmapguard.ErrTooLarge, "a copy above the limit")
}

func missingFile(e *Env) {
	path := e.path("missing")
	if e.Dir == "" {
		if len(e.Content) == 0 {
			e.notOffered("no directory to look in")
		}
		path = e.Content[0] + ".missing"
	}
	_, err := mmapguard.MapFile(path)
	e.wantPathError(err, fs.ErrNotExist, "opening")
	_, err = os.Lstat(path)
	e.wantError(err, fs.ErrNotExist, "looking for the file afterwards")
}

func permissionDenied(e *Env) {
	path := e.file("f", before(10))
	e.must(os.Chmod(path, 0), "taking the rights away")
	if f, err := os.Open(path); err == nil {
		e.must(f.Close(), "closing")
		e.notOffered("this user may read everything")
	}
	_, err := mmapguard.MapFile(path)
	e.wantPathError(err, fs.ErrPermission, "opening")
}

func senselessOptions(e *Env) {
	for name, opt := range map[string]mmapguard.Option{
		"an unknown guarantee":    mmapguard.WithGuarantee(mmapguard.Immutable + 1),
		"a negative guarantee":    mmapguard.WithGuarantee(-1),
		"an unknown mechanism":    mmapguard.WithMechanisms("hope"),
		"a negative limit":        mmapguard.WithMaxSize(-2),
		"a negative copy limit":   mmapguard.WithMaxCopy(-2),
		"an empty range":          mmapguard.WithRange(0, 0),
		"a negative offset":       mmapguard.WithRange(-1, 1),
		"a range that overflows":  mmapguard.WithRange(math.MaxInt64, 1),
		"a digest of no bytes":    mmapguard.WithDigest(mmapguard.VerityDigest{Algorithm: "sha256"}),
		"an unknown digest":       mmapguard.WithDigest(mmapguard.VerityDigest{Algorithm: "crc", Sum: make([]byte, 32)}),
		"an overflowing negative": mmapguard.WithRange(math.MinInt64, math.MaxInt64),
	} {
		// The file does not exist: the answer must come before the question.
		_, err := mmapguard.MapFile("no such file", opt)
		e.wantPathError(err, fs.ErrInvalid, name)
	}
}

func rangeOutsideTheFile(e *Env) {
	n := int64(some())
	path := e.file("f", before(int(n)))
	for _, r := range [][2]int64{{n, 1}, {0, n + 1}, {n - 1, 2}, {math.MaxInt64 - 1, 1}, {1, math.MaxInt64 - 1}} {
		_, err := mmapguard.MapFile(path, e.options(mmapguard.WithRange(r[0], r[1]))...)
		e.wantPathError(err, fs.ErrInvalid, "a range outside the file")
	}
}

func givenLimits(e *Env) {
	for _, name := range e.Content {
		info, err := os.Stat(name)
		e.must(err, "looking at a file")
		e.close(e.mapFile(name, mmapguard.WithMaxSize(info.Size())))
		_, err = mmapguard.MapFile(name, e.options(mmapguard.WithMaxSize(info.Size()-1))...)
		e.wantPathError(err, mmapguard.ErrTooLarge, name)
		_, err = mmapguard.MapFile(name, e.options(mmapguard.WithRange(info.Size(), 1))...)
		e.wantPathError(err, fs.ErrInvalid, name)
	}
}
