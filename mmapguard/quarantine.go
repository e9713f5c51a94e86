package mmapguard

import (
	"math/bits"
	"slices"
	"sync"

	"github.com/mmapguard/go/mmapguard/internal/boundary"
)

// The quarantine's bounds. Inaccessible pages cost address space and an entry
// in the kernel's table of maps (vm.max_map_count, 65530 by default), no
// memory; a 32-bit process has little of the first.
const (
	quarantineEntries = 1024
	quarantineBytes   = 64<<20 | (64<<30)*(bits.UintSize/64)
)

// quarantine keeps the address ranges of closed mappings inaccessible, so that
// a stale slice faults instead of showing another file's bytes. It is bounded:
// once a range is evicted, nothing can protect a slice that still points there.
var quarantine = limbo{maxEntries: quarantineEntries, maxBytes: quarantineBytes}

type limbo struct {
	mu         sync.Mutex
	ranges     []boundary.Region // the oldest first
	bytes      int64
	maxEntries int
	maxBytes   int64
}

// put takes a reservation in. Over a bound the older half leaves in one batch,
// because neighbouring reservations can then be released by a single call; the
// newest always stays.
func (l *limbo) put(r boundary.Region) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ranges = append(l.ranges, r)
	l.bytes += r.Pages()
	if len(l.ranges) <= l.maxEntries && l.bytes <= l.maxBytes {
		return
	}
	leaving, left := 0, l.bytes
	for leaving < len(l.ranges)-1 && (leaving < len(l.ranges)/2 || left > l.maxBytes) {
		left -= l.ranges[leaving].Pages()
		leaving++
	}
	l.evict(leaving)
}

// drain gives everything back, for a map that found no room.
func (l *limbo) drain() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.evict(len(l.ranges))
}

// evict releases the n oldest ranges.
func (l *limbo) evict(n int) {
	leaving := slices.Clone(l.ranges[:n])
	l.ranges = slices.Delete(l.ranges, 0, n)
	for _, r := range leaving {
		l.bytes -= r.Pages()
	}
	slices.SortFunc(leaving, func(a, b boundary.Region) int {
		if a.Before(b) {
			return -1
		}
		return 1
	})
	for i := 0; i < len(leaving); {
		run := leaving[i]
		for i++; i < len(leaving); i++ {
			joined, ok := run.Join(leaving[i])
			if !ok {
				break
			}
			run = joined
		}
		// A range that the system will not take back stays inaccessible, which
		// is what it is here for.
		_ = run.Release()
	}
}
