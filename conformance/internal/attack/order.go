// Package attack is the other process: it truncates, rewrites, locks and swaps
// files on order, so that what a case sees of an attack is what the kernel
// shows one process of another's doing.
package attack

// Order is one thing to do. Path and To are absolute.
type Order struct {
	Op   Op
	Path string
	To   string // of a rename or a link
	Off  int64
	Size int64 // of a truncation, in bytes
	Data []byte
}

// Op names what is to be done.
type Op string

// What the other process can do. Held things stay until Release.
const (
	Truncate      Op = "truncate"       // to Size bytes
	Write         Op = "write"          // Data at Off, in place
	Append        Op = "append"         // Data
	Replace       Op = "replace"        // with a new file that holds Data, by a rename
	Remove        Op = "remove"         //
	Rename        Op = "rename"         // to To
	Symlink       Op = "symlink"        // at Path, leading to To, in place of what is there
	Fifo          Op = "fifo"           // at Path, in place of what is there
	LockExclusive Op = "lock-exclusive" // held; does not wait
	LockShared    Op = "lock-shared"    // held; does not wait
	OpenWrite     Op = "open-write"     // held open for writing
	MapWrite      Op = "map-write"      // mapped writable and every page dirtied, held
	Store         Op = "store"          // Data at Off into the map of MapWrite
	SwapLinks     Op = "swap-links"     // at Path, between To and Data, until Release
	Release       Op = "release"        // everything that is held
)

// Answer is the outcome of an order.
type answer struct {
	Err string
	// Busy tells that a lock is held by somebody else.
	Busy bool
	// Missing tells that this system has no such thing.
	Missing bool
}
