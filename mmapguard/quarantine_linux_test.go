package mmapguard_test

import (
	"os"
	"strings"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

// inaccessible counts the maps that nobody may touch, and their bytes, outside
// of what the Go runtime has.
func inaccessible(t testing.TB) (maps int) {
	t.Helper()
	all, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(all)) {
		fields := strings.Fields(line)
		if fields[1] == "---p" {
			maps++
		}
	}
	return maps
}

// Reservations that touch are one map to the kernel, and leave by one call.
func TestQuarantinedNeighboursMerge(t *testing.T) {
	l := newLimbo(t, 1000, 10_000)
	before := inaccessible(t)
	for range 200 {
		l.Put(reservation(t, 1))
	}
	if more := inaccessible(t) - before; more > 50 {
		t.Errorf("200 reservations of a page take %d maps", more)
	}
	l.Drain()
	if more := inaccessible(t) - before; more > 0 {
		t.Errorf("%d reservations are left after Drain", more)
	}
}

// While in quarantine a range is nobody's: opening and closing other files
// puts none of them there.
func TestQuarantineHoldsUnderHeavyUse(t *testing.T) {
	t.Cleanup(mmapguard.SetQuarantine(64, 1<<30))
	path, other := newFile(t, page), newFileNo(t, page, 2)
	for round := range 20 {
		d := mapFile(t, path)
		stale := d.Bytes()
		closeOK(t, d)
		for i := range 30 {
			o := mapFile(t, other)
			if !rawFault(stale, 0) {
				t.Fatalf("round %d: after %d more mappings a stale slice shows file %d", round, i, stale[0])
			}
			closeOK(t, o)
		}
	}
}
