package property

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

// trial is an attack and what may become of snapshots beside it.
type trial struct {
	kind    string
	judge   judge
	allowed []string // errors
	// holds means that the writer has the file open for writing all the time: no
	// lease is to be had then.
	holds bool
	// residual says in words what checked-copy cannot tell, by design; what it
	// lets through is counted and printed.
	residual string
	first    int // size of the first version, in eighths
}

// A writer through a map stores word after word, and nothing can know where one
// of its versions ends. A clone is the file as it was at one moment all the
// same; what must not be is a file that never was.
var trials = []trial{
	{kind: "rewrite", judge: oneVersion, allowed: []string{"ErrChanged"}},
	{kind: "rewrite-held", judge: oneVersion, allowed: []string{"ErrChanged"}, holds: true},
	{kind: "stall", judge: oneVersion, allowed: []string{"ErrChanged"}, holds: true},
	{kind: "locked", judge: oneVersion, allowed: []string{"ErrLocked", "ErrChanged"}},
	{kind: "otrunc", judge: oneVersion, allowed: []string{"ErrEmpty", "ErrChanged"}},
	{kind: "rename", judge: oneVersion, allowed: []string{"ErrChanged"}},
	{kind: "append", judge: grown, allowed: []string{"ErrChanged"}, first: 1},
	{kind: "resize", judge: resized, allowed: []string{"ErrChanged"}},
	{kind: "direct", judge: oneVersion, allowed: []string{"ErrChanged"}, holds: true, residual: "a direct write"},
	{kind: "direct-stall", judge: oneVersion, allowed: []string{"ErrChanged"}, holds: true, residual: "a stalled direct write"},
	{kind: "map", judge: ascending, allowed: []string{"ErrChanged"}, holds: true, residual: "a mapped writer"},
	{kind: "map-msync", judge: ascending, allowed: []string{"ErrChanged"}, holds: true, residual: "a mapped writer who syncs"},
}

// No snapshot is a mix of versions, whatever a writer does meanwhile: it is
// entirely one version, or it is refused.
func TestSnapshotsAreNeverMixed(t *testing.T) {
	t.Parallel()
	for _, m := range snapshotters {
		t.Run(m.String(), func(t *testing.T) {
			t.Parallel()
			describe(t, t.TempDir()).need(t, m)
			for _, trial := range trials {
				t.Run(trial.kind, func(t *testing.T) { trial.run(t, m) })
			}
		})
	}
}

// sizes are those of the files, in bytes, with their share of the snapshots in
// percent: large ones take long, and are not safer.
var sizes = []struct{ bytes, percent int }{{64 << 10, 84}, {1 << 20, 14}, {16 << 20, 2}}

func (trial trial) run(t *testing.T, m mmapguard.Mechanism) {
	fs := describe(t, t.TempDir())
	if trial.kind == "rename" && fs.tmpfs {
		trial.allowed = append(slices.Clone(trial.allowed), "ErrUnsupported")
	}
	trial.canRun(t)
	refuses := trial.holds && fs.byLease(m)
	t.Parallel() // most of the time reader and writer wait for each other
	for i, size := range sizes {
		n := max(2, snapshotCount(t)*size.percent/100)
		if refuses && i > 0 {
			break
		} else if refuses {
			n = 1 + n/200
		}
		t.Run(fmt.Sprintf("%dKiB", size.bytes>>10), func(t *testing.T) {
			got := trial.attack(t, m, size.bytes, n, refuses)
			t.Logf("%s beside %s on %s: %v", m, trial.kind, fs.name, got)
			trial.verdict(t, m, fs, got, refuses)
		})
	}
}

// canRun skips attacks that this machine does not allow.
func (trial trial) canRun(t *testing.T) {
	t.Helper()
	switch trial.kind {
	case "stall":
		needUserfault(t)
	case "direct", "direct-stall":
		f, err := os.OpenFile(newFile(t, 4096, 1), os.O_RDWR|unix.O_DIRECT, 0)
		if err != nil {
			t.Skipf("no direct writes here: %v", err)
		}
		closeFile(t, f)
	}
}

// attack takes n snapshots of a file with the writer at work, and then as many
// more as it takes to have seen two versions, if any is to be had: until then
// the writer may not have been at work at all.
func (trial trial) attack(t *testing.T, m mmapguard.Mechanism, size, n int, refuses bool) *tally {
	first := size
	if trial.first > 0 {
		first = size / 8 * trial.first
	}
	a := &attacked{trial: &trial, path: newFile(t, first, 1), size: size, tally: newTally()}
	writer := startRole(t, "attack", &attack{Kind: trial.kind, Path: a.path, Size: size})
	if ready := writer.hear(t); ready != "ready" {
		t.Fatalf("the writer says %q", ready)
	}
	for !t.Failed() && !a.enough(n, refuses) {
		a.snapshot(t, m)
	}
	a.tally.made = writer.end(t)
	a.finish(t)
	return a.tally
}

// manyAttempts is how often a snapshot may be refused before the test gives up.
const manyAttempts = 10_000

func (a *attacked) enough(n int, refuses bool) bool {
	if refuses || a.tally.attempts() > manyAttempts+n {
		return a.tally.attempts() >= n
	}
	return a.tally.taken() >= n && len(a.tally.versions) > 1
}

// verdict compares the tally with what is promised.
func (trial trial) verdict(t *testing.T, m mmapguard.Mechanism, fs fileSystem, got *tally, refuses bool) {
	t.Helper()
	switch {
	case refuses:
		if got.taken() > 0 {
			t.Errorf("%d snapshots were taken beside a writer that keeps the file open", got.taken())
		}
	case trial.residual != "" && fs.byDoubleCollect(m):
		t.Logf("residual: %s beside %s: %d of %d mixed on %s (%d were the file at a moment, %d were not) %s",
			m, trial.residual, got.moment+got.torn, got.taken(), fs.name, got.moment, got.torn, got.example)
	case got.torn > 0:
		t.Errorf("%d of %d snapshots are mixed, like %s", got.torn, got.taken(), got.example)
	case len(got.versions) < 2:
		t.Errorf("%d versions in %d attempts", len(got.versions), got.attempts())
	}
	if got.made == "0" {
		t.Error("the writer made no version")
	}
}
