package main

import "slices"

// goal is a bound on one figure, or on the ratio of two.
type goal struct {
	what    string
	over    key // the figure
	under   key // what it is divided by; none: the figure itself is bounded
	limit   float64
	atLeast bool // the limit is the least, not the most
	strict  bool // does not depend on the machine, so missing it fails
	procs   bool // needs two processors
	fastest bool // takes the fastest round: nothing else was slowed as well
	unit    string
	scale   key // what was reached of full, where a machine may not allow it
	full    float64
}

const (
	times = "×"

	read8   = "ReadAt/size=8/impl="
	read4k  = "ReadAt/size=4096/impl="
	opening = "OpenClose/impl="
	many    = "OpenMany/files=many/impl=mmapguard"
)

// goals are the project's goals for speed and size.
var goals = []goal{
	{what: "ReadAt of 8 bytes, over x/exp/mmap", over: nanoseconds(read8 + "mmapguard"), under: nanoseconds(read8 + "exp-mmap"), limit: 3, unit: times},
	{what: "ReadAt of 4 KiB, over x/exp/mmap", over: nanoseconds(read4k + "mmapguard"), under: nanoseconds(read4k + "exp-mmap"), limit: 1.15, unit: times},
	{what: "os.File.ReadAt of 8 bytes, over ReadAt", over: nanoseconds(read8 + "os-File"), under: nanoseconds(read8 + "mmapguard"), limit: 30, atLeast: true, unit: times},
	{what: "speed of two goroutines on a handle, over one", over: nanoseconds("Shared/goroutines=1"), under: nanoseconds("Shared/goroutines=2"), limit: 1.8, atLeast: true, procs: true, unit: times},
	{what: "allocations of a ReadAt of 8 bytes", over: key{read8 + "mmapguard", "allocs/op"}, strict: true},
	{what: "allocations of a ReadAt of 4 KiB", over: key{read4k + "mmapguard", "allocs/op"}, strict: true},
	{what: "scan in a View, over a raw mapping", over: key{"Scan", "view-ms/scan"}, under: key{"Scan", "raw-ms/scan"}, limit: 1.02, unit: times},
	{what: "View", over: nanoseconds("View"), limit: 40, fastest: true, unit: " ns"},
	{what: "open and close of 1 MiB, over x/exp/mmap", over: nanoseconds(opening + "mmapguard"), under: nanoseconds(opening + "exp-mmap"), limit: 1.9, unit: times},
	{what: "heap of an open mapping", over: key{"Heap/impl=mmapguard", "heap-B/mapping"}, limit: 600, strict: true, unit: " B"},
	{what: "opening many, the later over the first thousand", over: key{many, "later-µs/open"}, under: key{many, "first-µs/open"}, limit: 1.5, unit: times, scale: key{many, "open-mappings"}, full: 50_000},
}

// outcome is what came of a goal.
type outcome struct {
	value, over, under float64
	reached            float64 // of the goal's scale
	measured           bool
	met, failed        bool
}

func (g goal) judge(s *samples) outcome {
	o, ok := g.measure(s)
	if !ok {
		return outcome{failed: !g.procs || s.procs != "1"}
	}
	o.met = g.holds(o.value)
	// A goal for time is told, met or missed: what else the machine does must not
	// decide whether a change lands.
	o.failed = g.strict && !o.met
	return o
}

// measure takes the medians. A machine with one processor cannot show what two
// goroutines would do.
func (g goal) measure(s *samples) (o outcome, ok bool) {
	if g.procs && s.procs == "1" {
		return o, false
	}
	if o.over, ok = s.median(g.over); !ok {
		return o, false
	}
	if g.fastest {
		o.over = slices.Min(s.values[g.over])
	}
	o.value, o.measured = o.over, true
	o.reached, _ = s.median(g.scale)
	if g.under == (key{}) {
		return o, true
	}
	if o.under, ok = s.median(g.under); !ok || o.under == 0 {
		return outcome{}, false
	}
	o.value = s.ratio(g.over, g.under)
	return o, true
}

// holds tells whether a value is within the limit.
func (g goal) holds(value float64) bool {
	if g.atLeast {
		return value >= g.limit
	}
	return value <= g.limit
}
