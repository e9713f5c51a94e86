package engine

import (
	"testing"
	"time"
)

// TestEndedLate tells the engine's own deadline from findings.
func TestEndedLate(t *testing.T) {
	const late = "fuzz: elapsed: 5s, execs: 9 (2/sec), new interesting: 0 (total: 1)\n--- FAIL: FuzzSet (5.13s)\n    context deadline exceeded\nFAIL\n"
	r := Run{Time: 5 * time.Second}
	for name, c := range map[string]struct {
		log  string
		wall time.Duration
		want bool
	}{
		"late":              {late, 5130 * time.Millisecond, true},
		"before its time":   {late, 4 * time.Second, false},
		"with an input":     {"failure while testing seed corpus entry: FuzzSet/ab\n" + late, 6 * time.Second, false},
		"of the target's":   {"--- FAIL: FuzzSet (5.13s)\n    --- FAIL: FuzzSet (0.00s)\n        set_test.go:9: context deadline exceeded\nFAIL\n", 6 * time.Second, false},
		"something besides": {"--- FAIL: FuzzSet (5.13s)\n    fuzzing process hung or terminated unexpectedly\nFAIL\n", 6 * time.Second, false},
	} {
		o := Outcome{Log: c.log, Wall: c.wall, Target: Target{Name: "FuzzSet"}}
		o.read(t.TempDir())
		if got := o.endedLate(r); got != c.want {
			t.Errorf("%s: ended late: %v, want %v", name, got, c.want)
		}
	}
}
