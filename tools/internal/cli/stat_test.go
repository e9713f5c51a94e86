package cli

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/gofrs/flock"

	"github.com/mmapguard/go/mmapguard"
)

func TestStat(t *testing.T) {
	name := file(t, "content")
	run(t, "stat", name, name).want(t, 0, name+"\n  File        7 bytes, -rw", "\n  Mechanism   flock\n", "\n\n"+name+"\n")
	reports := decode[[]statJSON](t, run(t, "stat", "--json", name, name+"x"))
	if len(reports) != 2 || reports[0].Obtained == nil || reports[0].Obtained.Size != 7 || reports[0].Error != nil {
		t.Fatalf("stat --json gives %+v", reports)
	}
	if n := len(reports[0].Offers); n != len(rungs()) {
		t.Errorf("stat tries %d mechanisms of %d", n, len(rungs()))
	}
	for _, o := range reports[0].Offers {
		if o.Available == (o.Reason != "") {
			t.Errorf("%s is available: %v, with reason %q", o.Mechanism, o.Available, o.Reason)
		}
	}
	if reports[1].Error == nil || reports[1].Offers != nil {
		t.Errorf("a missing file gives %+v", reports[1])
	}
}

// statJSON has names for what the library writes but does not read.
type statJSON struct {
	Obtained *struct{ Size int64 }
	Offers   []struct {
		Mechanism, Reason string
		Available         bool
	}
	Lock  *lockState
	Error *failure
}

func TestStatOfALockedFile(t *testing.T) {
	name := file(t, "content")
	lock := flock.New(name, flock.SetFlag(os.O_RDWR))
	if ok, err := lock.TryLock(); err != nil || !ok {
		t.Fatal(ok, err)
	}
	defer func() {
		if err := lock.Close(); err != nil {
			t.Error(err)
		}
	}()
	run(t, "stat", name).want(t, 4, "\n  Locks       exclusive\n", "!file is locked for writing")
}

func TestStatOfWhatCannotBeMapped(t *testing.T) {
	run(t, "stat", file(t, "")).want(t, 8, "  File        0 bytes", "  Locks  ", "!file is empty")
	dir := decode[[]statJSON](t, run(t, "stat", "--json", t.TempDir()))
	if dir[0].Lock != nil || dir[0].Offers != nil || dir[0].Error.ExitCode != 8 {
		t.Errorf("a directory gives %+v", dir[0])
	}
	run(t, "stat", "--max-size", "1", file(t, "ab")).want(t, 7, "  Error  ", "\nCooperative  flock ")
}

func TestLockOf(t *testing.T) {
	info, err := os.Stat(file(t, "x"))
	if err != nil {
		t.Fatal(err)
	}
	if got := lockOf(info, nil).State; got == "exclusive" || got == "shared" {
		t.Errorf("nobody's lock is %q", got)
	}
	if got := lockOf(info, errors.Join(mmapguard.ErrLocked)).State; got != "exclusive" {
		t.Errorf("a lock that was met is %q", got)
	}
}

// What a caller cannot tell apart is one line, where the last way stands, and
// nothing of the ladder gets lost.
func TestRungs(t *testing.T) {
	type key struct {
		mmapguard.Mechanism
		mmapguard.Guarantee
	}
	costs := map[key]string{}
	for _, r := range rungs() {
		if _, twice := costs[key{r.Mechanism, r.Guarantee}]; twice {
			t.Errorf("%s is listed twice for %v", r.Mechanism, r.Guarantee)
		}
		costs[key{r.Mechanism, r.Guarantee}] = r.Cost
	}
	for _, r := range mmapguard.Ladder() {
		if cost := costs[key{r.Mechanism, r.Guarantee}]; !strings.Contains(cost, r.Cost) {
			t.Errorf("%s costs %q, and the table says %q", r.Mechanism, r.Cost, cost)
		}
	}
}

// A rung that copies is tried without copying the file, unless it is the copy's
// size that decides.
func TestOfferOptions(t *testing.T) {
	copying := mmapguard.Rung{Guarantee: mmapguard.Isolated}
	for _, c := range []struct {
		rung mmapguard.Rung
		size int64
		want int
	}{
		{mmapguard.Ladder()[0], 1, 2},
		{copying, mmapguard.DefaultMaxCopy, 3},
		{copying, mmapguard.DefaultMaxCopy + 1, 2},
	} {
		if got := len(offerOptions(c.rung, c.size)); got != c.want {
			t.Errorf("%v with %d bytes: %d options, want %d", c.rung.Guarantee, c.size, got, c.want)
		}
	}
}
