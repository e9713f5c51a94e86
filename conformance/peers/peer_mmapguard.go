package peers

import "github.com/mmapguard/go/mmapguard"

const mmapguardModule = "github.com/mmapguard/go/mmapguard"

// The three columns of mmapguard: its default, the rung above it, and the raw
// slice for code that wants one, whose faults the library says are fatal.
var (
	cooperativePeer = Peer{
		Name:   cooperativeName,
		Module: mmapguardModule,
		Means:  "MapFile, ReadAt and View: Cooperative, the default guarantee",
		Open:   openCooperative,
	}
	enforcedPeer = Peer{
		Name:   enforcedName,
		Module: mmapguardModule,
		Means:  "the same WithGuarantee(Enforced)",
		Open:   openEnforced,
	}
	bytesPeer = Peer{
		Name:   bytesName,
		Module: mmapguardModule,
		Means:  "MapFile and the raw slice of Bytes, which no library can guard",
		Open:   openBytes,
	}
)

type guarded struct{ *mmapguard.FileData }

func openCooperative(name string) (Handle, error) { return openGuarded(name) }

func openEnforced(name string) (Handle, error) {
	return openGuarded(name, mmapguard.WithGuarantee(mmapguard.Enforced))
}

func openGuarded(name string, opts ...mmapguard.Option) (Handle, error) {
	d, err := mmapguard.MapFile(name, opts...)
	if err != nil {
		return nil, err
	}
	return guarded{d}, nil
}

func (g guarded) Len() int64 { return g.Size() }

func (g guarded) Lend(fn func([]byte)) error {
	return g.View(func(b []byte) error {
		fn(b)
		return nil
	})
}

// Keep is nil: what View lends is not to be kept.
func (guarded) Keep() []byte { return nil }

// rawBytes is the plain slice of a handle, used the way slices are.
type rawBytes struct {
	sliceHandle
	d *mmapguard.FileData
}

func openBytes(name string) (Handle, error) {
	d, err := mmapguard.MapFile(name)
	if err != nil {
		return nil, err
	}
	return &rawBytes{sliceHandle{d.Bytes()}, d}, nil
}

func (r *rawBytes) Changed() (bool, error) { return r.d.Changed() }

func (r *rawBytes) Close() error { return r.d.Close() }
