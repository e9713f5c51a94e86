package peer

import "encoding/binary"

// Op is what is to be done to the file.
type Op byte

// What the other process can do. What is held stays until the release of its
// slot, or until the next order that would have to wait for it.
const (
	Create     Op = iota // with N bytes of the seed
	Truncate             // to N bytes
	Write                // N bytes of the seed at Off
	Append               // N bytes of the seed
	Rewrite              // O_TRUNC, then N bytes of the seed
	Punch                // a hole of N bytes at Off
	Replace              // by a new file with N bytes of the seed, by rename
	Unlink               //
	Hold                 // open for writing; held
	Map                  // N bytes writable; held
	Store                // N bytes of the seed at Off into the map of the slot
	LockShared           // held
	LockExcl             // held
	LeaseRead            // held
	LeaseWrite           // held
	Release              // what the slot holds
)

var names = [...]string{
	"create", "truncate", "write", "append", "rewrite", "punch", "replace", "unlink", "hold open", "map",
	"store", "lock shared", "lock exclusively", "lease for reading", "lease for writing", "release",
}

func (o Op) String() string { return names[o] }

// Order is one thing to do.
type Order struct {
	Op     Op
	Slot   byte
	Seed   byte
	Off, N int64
}

const (
	orderSize  = 19
	answerSize = 4
)

func (o Order) encode() (b [orderSize]byte) {
	b[0], b[1], b[2] = byte(o.Op), o.Slot, o.Seed
	binary.LittleEndian.PutUint64(b[3:], uint64(o.Off))
	binary.LittleEndian.PutUint64(b[11:], uint64(o.N))
	return b
}

func decode(b [orderSize]byte) Order {
	return Order{
		Op: Op(b[0]), Slot: b[1], Seed: b[2],
		Off: int64(binary.LittleEndian.Uint64(b[3:])),
		N:   int64(binary.LittleEndian.Uint64(b[11:])),
	}
}
