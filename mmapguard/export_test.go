package mmapguard

import "github.com/mmapguard/go/mmapguard/internal/boundary"

// Step is a moment of an opening at which a test lets the outside world strike.
type Step = openStep

const (
	BeforeLock = beforeLock
	AfterLock  = afterLock
	BeforeMap  = beforeMap
	AfterMap   = afterMap
	AfterCopy  = afterCopy
)

// SetStep makes f what happens at every step; restore undoes it.
func SetStep(f func(Step)) (restore func()) {
	old := step
	step = f
	return func() { step = old }
}

// Populate is what WithPopulate does after the map.
func Populate(d *FileData) error { return d.populate() }

// Views is the number of views that run on a handle.
func Views(d *FileData) int { return int(d.core.state.Load() & viewMask) }

// MarkRevoked sets what a mechanism sets that could not keep its guarantee.
func MarkRevoked(d *FileData) { d.core.state.Or(revokedBit) }

// Pinned is the number of handles in the registry of raw slices.
func Pinned() int {
	pins.Lock()
	defer pins.Unlock()
	return len(pins.handles)
}

// Limbo is a quarantine of a test's own.
type Limbo struct{ limbo }

// NewLimbo makes a quarantine with the given bounds.
func NewLimbo(entries int, bytes int64) *Limbo {
	return &Limbo{limbo{maxEntries: entries, maxBytes: bytes}}
}

func (l *Limbo) Put(r boundary.Region) { l.put(r) }
func (l *Limbo) Drain()                { l.drain() }
func (l *Limbo) Held() (int, int64)    { return len(l.ranges), l.bytes }

// Oldest are the ranges in the order in which they will leave.
func (l *Limbo) Oldest() []boundary.Region { return l.ranges }

// SetQuarantine empties the quarantine of the package and bounds it anew;
// restore empties it again and brings the old bounds back.
func SetQuarantine(entries int, bytes int64) (restore func()) {
	set := func(entries int, bytes int64) (int, int64) {
		quarantine.drain()
		quarantine.mu.Lock()
		defer quarantine.mu.Unlock()
		oldEntries, oldBytes := quarantine.maxEntries, quarantine.maxBytes
		quarantine.maxEntries, quarantine.maxBytes = entries, bytes
		return oldEntries, oldBytes
	}
	oldEntries, oldBytes := set(entries, bytes)
	return func() { set(oldEntries, oldBytes) }
}

// QuarantineHeld is what the quarantine of the package holds, and may hold.
func QuarantineHeld() (entries, maxEntries int, bytes, maxBytes int64) {
	quarantine.mu.Lock()
	defer quarantine.mu.Unlock()
	return len(quarantine.ranges), quarantine.maxEntries, quarantine.bytes, quarantine.maxBytes
}
