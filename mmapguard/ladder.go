package mmapguard

// Rung is a mechanism of the ladder with the guarantee it gives.
type Rung struct {
	Mechanism Mechanism
	Guarantee Guarantee
	// Cost says in a few words what the mechanism takes.
	Cost string

	open func(*opening) (*FileData, error)
}

// ladder lists all mechanisms in the order in which they are tried: the
// cheapest that meets the request first. A mechanism that answers
// ErrUnsupported gives way to the next.
var ladder = []Rung{
	{MechanismFlock, Cooperative, "one more descriptor and a lock", openFlock},
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
