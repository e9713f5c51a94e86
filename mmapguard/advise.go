package mmapguard

import (
	"runtime"

	"github.com/mmapguard/go/mmapguard/internal/boundary"
)

// advise passes an access hint on. It is a hint: a kernel that does not know it
// loses nothing but speed.
func (d *FileData) advise(hint accessHint) {
	if d.bytes == nil {
		return
	}
	switch hint {
	case accessSequential:
		_ = d.core.region.Advise(boundary.Sequential)
	case accessRandom:
		_ = d.core.region.Advise(boundary.Random)
	}
}

// populate touches every page, so that what cannot be read shows now.
func (d *FileData) populate() error {
	return d.lend("populate", 0, int(d.size), func(b []byte) error {
		touched := byte(0)
		for i := 0; i < len(b); i += boundary.PageSize() {
			touched ^= b[i]
		}
		if len(b) > 0 {
			touched ^= b[len(b)-1]
		}
		runtime.KeepAlive(touched)
		return nil
	})
}
