package mmapguard

import "fmt"

// Guarantee is what a program may rely on about the bytes of a handle. The
// values are ordered: a stronger guarantee satisfies a request for a weaker.
type Guarantee int

const (
	// Cooperative: processes that respect advisory locks leave the bytes alone;
	// whatever the others do becomes an error, never a crash. It is the default.
	Cooperative Guarantee = iota
	// Enforced: the kernel keeps other processes' changes from being seen.
	Enforced
	// Isolated: the bytes are a private copy that nobody else can reach.
	Isolated
	// Immutable: the kernel itself proves that nobody, this process included,
	// can ever change the bytes.
	Immutable
)

var guaranteeNames = [...]string{"Cooperative", "Enforced", "Isolated", "Immutable"}

// Guarantees lists all guarantees, the weakest first.
func Guarantees() []Guarantee { return []Guarantee{Cooperative, Enforced, Isolated, Immutable} }

func (g Guarantee) valid() bool { return g >= Cooperative && g <= Immutable }

func (g Guarantee) String() string {
	if !g.valid() {
		return fmt.Sprintf("Guarantee(%d)", int(g))
	}
	return guaranteeNames[g]
}

// MarshalText writes the guarantee's name, so that it reads well in JSON.
func (g Guarantee) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// Backing tells where the bytes of a handle live.
type Backing int

const (
	// Mapped bytes are a memory mapping outside the Go heap.
	Mapped Backing = iota
	// Loaded bytes were read into memory of the Go heap.
	Loaded
)

func (b Backing) String() string {
	if b == Loaded {
		return "Loaded"
	}
	return "Mapped"
}

// MarshalText writes the backing's name, so that it reads well in JSON.
func (b Backing) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// Mechanism is the way in which a guarantee is provided.
type Mechanism string

const (
	// MechanismFlock is a shared advisory lock held as long as the mapping.
	MechanismFlock Mechanism = "flock"
	// MechanismLease is a Linux read lease, with the bytes moved to private
	// memory when a writer arrives.
	MechanismLease Mechanism = "lease"
	// MechanismDenyWrite is a Windows share mode without writers and deleters.
	MechanismDenyWrite Mechanism = "deny-write"
	// MechanismReflink is a copy-on-write clone in an unnamed file.
	MechanismReflink Mechanism = "reflink"
	// MechanismClonefile is a copy-on-write clone of macOS, unlinked at once.
	MechanismClonefile Mechanism = "clonefile"
	// MechanismLeasedCopy is a copy made while a lease kept all writers away.
	MechanismLeasedCopy Mechanism = "leased-copy"
	// MechanismCheckedCopy is a copy read twice and compared.
	MechanismCheckedCopy Mechanism = "checked-copy"
	// MechanismSealedMemfd is a memory file sealed against every change.
	MechanismSealedMemfd Mechanism = "sealed-memfd"
	// MechanismFsVerity is a file whose contents the kernel checks against a
	// Merkle tree at every read.
	MechanismFsVerity Mechanism = "fs-verity"
	// MechanismHeap is memory of the Go heap, filled from a reader.
	MechanismHeap Mechanism = "heap"
)

func (m Mechanism) String() string { return string(m) }
