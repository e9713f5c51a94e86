package mmapguard

// Rung is a mechanism of the ladder with the guarantee it gives.
type Rung struct {
	Mechanism Mechanism
	Guarantee Guarantee
	// Cost says in a few words what the mechanism takes.
	Cost string

	// digests tells that the mechanism can see to WithDigest.
	digests bool
	open    func(*opening) (*FileData, error)
}

// ladder lists all mechanisms in the order in which they are tried: the
// cheapest that meets the request first. A mechanism that answers
// ErrUnsupported gives way to the next.
var ladder = []Rung{
	{MechanismFlock, Cooperative, "a lock", false, openFlock},
	{MechanismFsVerity, Immutable, "nothing: the file has fs-verity", true, openVerity},
	{MechanismSealedMemfd, Immutable, "nothing: the file is a sealed memfd", false, openSealed},
	{MechanismLease, Enforced, "a lease; memory for a copy if a writer comes", false, openLease},
	{MechanismDenyWrite, Enforced, "a handle that keeps writers out", false, openDenyWrite},
	{MechanismReflink, Isolated, "a clone, which shares the file's blocks", false, openReflink},
	{MechanismClonefile, Isolated, "a clone, which shares the file's blocks", false, openClonefile},
	{MechanismLeasedCopy, Isolated, "a copy in memory, read once", false, openLeasedCopy},
	{MechanismCheckedCopy, Isolated, "a copy in memory, read twice", false, openCheckedCopy},
	{MechanismSealedMemfd, Immutable, "a copy in a sealed memfd", true, openSealedCopy},
}

// Ladder lists the mechanisms in the order in which they are tried, on this
// and every other system.
func Ladder() []Rung { return append([]Rung(nil), ladder...) }

func knownMechanism(m Mechanism) bool {
	for _, r := range ladder {
		if r.Mechanism == m {
			return true
		}
	}
	return m == MechanismHeap
}
