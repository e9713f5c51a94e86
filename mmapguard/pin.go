package mmapguard

import "sync"

// pins holds the handles whose raw slice was handed out. A slice into a mapping
// does not keep its handle alive, and a collected handle would close the lock's
// descriptor and take the memory away.
var pins = struct {
	sync.Mutex
	handles map[*FileData]struct{}
}{handles: map[*FileData]struct{}{}}

// pin keeps a handle from the collector until Close; it reports whether the
// handle was still open.
func pin(d *FileData) bool {
	if d.pinned.Load() {
		return true
	}
	pins.Lock()
	defer pins.Unlock()
	// Close marks first and unpins afterwards, so a handle that is still open
	// here will be found by its Close.
	if d.core.state.Load()&closedBit != 0 {
		return false
	}
	pins.handles[d] = struct{}{}
	d.pinned.Store(true)
	return true
}

func unpin(d *FileData) {
	if !d.pinned.Load() {
		return
	}
	pins.Lock()
	defer pins.Unlock()
	delete(pins.handles, d)
	d.pinned.Store(false)
}
