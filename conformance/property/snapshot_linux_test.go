package property

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/mmapguard/go/mmapguard"
)

// snapshotters are the mechanisms that make a private copy.
var snapshotters = []mmapguard.Mechanism{
	mmapguard.MechanismReflink, mmapguard.MechanismLeasedCopy,
	mmapguard.MechanismCheckedCopy, mmapguard.MechanismSealedMemfd,
}

// takeSnapshot asks for the strongest guarantee that the mechanism gives.
func takeSnapshot(path string, m mmapguard.Mechanism) (*mmapguard.FileData, error) {
	g := mmapguard.Isolated
	if m == mmapguard.MechanismSealedMemfd {
		g = mmapguard.Immutable
	}
	return mmapguard.MapFile(path, mmapguard.WithGuarantee(g), mmapguard.WithMechanisms(m))
}

// tally counts what became of the snapshots of one file.
type tally struct {
	whole, moment, torn int
	refused             map[string]int // by error
	versions            map[string]bool
	example             string // the first one that was not whole
	made                string // versions made by the writer meanwhile
}

func newTally() *tally { return &tally{refused: map[string]int{}, versions: map[string]bool{}} }

func (n *tally) taken() int { return n.whole + n.moment + n.torn }

func (n *tally) attempts() int {
	sum := n.taken()
	for _, k := range n.refused {
		sum += k
	}
	return sum
}

func (n *tally) String() string {
	s := fmt.Sprintf("%d whole, %d moment, %d torn; %d different, of %s made", n.whole, n.moment, n.torn, len(n.versions), n.made)
	for name, k := range n.refused {
		s += fmt.Sprintf("; %d %s", k, name)
	}
	return s
}

// count judges a snapshot, and says what it consists of.
func (n *tally) count(judge judge, b []byte, size int) string {
	v, what := judge(b, size)
	switch v {
	case whole:
		n.whole++
		n.versions[what] = true
	case moment:
		n.moment++
	case torn:
		n.torn++
	}
	if v != whole && n.example == "" {
		n.example = runs(b)
	}
	return what
}

// refusals are the errors that a snapshot may end in, by name. ErrEmpty counts
// only where the writer empties the file.
var refusals = map[string]error{
	"ErrChanged": mmapguard.ErrChanged,
	"ErrLocked":  mmapguard.ErrLocked,
	"ErrEmpty":   mmapguard.ErrEmpty,
	// A file of tmpfs that was replaced before it could be leased.
	"ErrUnsupported": mmapguard.ErrUnsupported,
}

// refuse counts an error if it is one of the allowed.
func (n *tally) refuse(t *testing.T, err error, allowed []string) {
	t.Helper()
	for _, name := range allowed {
		if errors.Is(err, refusals[name]) {
			n.refused[name]++
			return
		}
	}
	t.Errorf("snapshot: %v, want none but %s", err, strings.Join(allowed, ", "))
}

// held are snapshots that are looked at again later: what the writer does to
// the file meanwhile must not show in them.
type held struct {
	d    *mmapguard.FileData
	what string
}

// keepSnapshots is how many snapshots stay open.
const keepSnapshots = 3

// attacked is one file with a writer at work.
type attacked struct {
	*trial
	path  string
	size  int
	tally *tally
	kept  []held
}

// snapshot takes one snapshot and judges it.
func (a *attacked) snapshot(t *testing.T, m mmapguard.Mechanism) {
	t.Helper()
	d, err := takeSnapshot(a.path, m)
	if err != nil {
		a.tally.refuse(t, err, a.allowed)
		time.Sleep(time.Millisecond) // the writer is at work, and would still be
		return
	}
	if d.Mechanism() != m {
		t.Errorf("the mechanism is %s, want %s", d.Mechanism(), m)
	}
	h := held{d: d}
	check(t, d.View(func(b []byte) error {
		h.what = a.tally.count(a.judge, b, a.size)
		return nil
	}))
	a.kept = append(a.kept, h)
	if len(a.kept) > keepSnapshots {
		a.drop(t)
	}
}

// drop looks at the oldest snapshot a second time, and closes it.
func (a *attacked) drop(t *testing.T) {
	t.Helper()
	h := a.kept[0]
	a.kept = a.kept[1:]
	check(t, h.d.View(func(b []byte) error {
		if _, what := a.judge(b, a.size); what != h.what {
			t.Errorf("a snapshot changed while it was open: from %s to %s", h.what, what)
		}
		return nil
	}))
	check(t, h.d.Close())
}

// finish closes all snapshots.
func (a *attacked) finish(t *testing.T) {
	t.Helper()
	for len(a.kept) > 0 {
		a.drop(t)
	}
}
