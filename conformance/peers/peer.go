package peers

import "errors"

// Handle is what a hazard may do with a file that a peer has opened. An adapter
// adds nothing to its peer: no check, no copy, no recovery.
type Handle interface {
	// Len is the number of bytes the peer says the file has.
	Len() int64
	// ReadAt copies bytes out, as io.ReaderAt says.
	ReadAt(p []byte, off int64) (int, error)
	// Lend calls fn with the peer's own view of the bytes, or returns
	// errNoSlice if the peer never shows it.
	Lend(fn func(b []byte)) error
	// Keep is a slice that the peer lets its user hold until Close, or nil.
	Keep() []byte
	Close() error
}

// changeTeller is a Handle that can tell whether its file changed since it was
// opened, which no fault ever tells.
type changeTeller interface {
	Changed() (bool, error)
}

// errNoSlice is how a peer says that a hazard of slices cannot touch it.
var errNoSlice = errors.New("shows no slice")

// Peer is one way to get at the bytes of a file.
type Peer struct {
	// Name is short: it heads a column.
	Name string `json:"name"`
	// Module is the path of the module it comes from; "" is the standard library.
	Module string `json:"module,omitempty"`
	// Means says which calls the column stands for.
	Means string                            `json:"means"`
	Open  func(name string) (Handle, error) `json:"-"`
}

const (
	cooperativeName = "mmapguard"
	enforcedName    = "enforced"
	bytesName       = "Bytes"
	rawName         = "raw"
)

// Peers lists all peers: the baseline, those that map, and mmapguard.
func Peers() []Peer {
	return []Peer{
		readFilePeer, rawPeer, expPeer, edsrzfPeer, blevePeer, prometheusPeer,
		cooperativePeer, enforcedPeer, bytesPeer,
	}
}
