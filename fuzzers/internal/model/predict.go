package model

import (
	"github.com/mmapguard/go/fuzzers/internal/class"
	"github.com/mmapguard/go/mmapguard"
)

// File is what an open finds.
type File struct {
	Missing     bool
	Size        int64
	Unnamed     bool // its name is gone
	Written     bool // somebody has it open, or mapped, for writing
	Exclusive   bool // somebody holds an exclusive lock on it
	WriteLeased bool // somebody holds a write lease on it
}

// FileSystem is what a file system offers.
type FileSystem struct{ Tmpfs, Leases, Reflink bool }

// Outcome is what an open must come to: a handle, or an error.
type Outcome struct {
	Refused   class.Set
	Mechanism mmapguard.Mechanism
	Guarantee mmapguard.Guarantee
	// Slow is an open that waits for half a second for a writer to go.
	Slow bool
}

// query is a request on a file.
type query struct {
	Request
	File
	fs   FileSystem
	slow bool
}

// answer is what a mechanism says to a query: why it refuses, and whether
// another may do better.
type answer struct {
	refused class.Set
	next    bool
}

var (
	yes         = answer{}
	unsupported = answer{class.Unsupported, true}
	locked      = answer{class.Locked, false}
)

// ladder lists the mechanisms of Linux in the order of their cost, which the
// documentation of the package gives.
var ladder = []struct {
	mechanism mmapguard.Mechanism
	guarantee mmapguard.Guarantee
	ask       func(*query) answer
}{
	{mmapguard.MechanismFlock, mmapguard.Cooperative, (*query).flock},
	{mmapguard.MechanismFsVerity, mmapguard.Immutable, (*query).never},
	{mmapguard.MechanismSealedMemfd, mmapguard.Immutable, (*query).never}, // as it is
	{mmapguard.MechanismLease, mmapguard.Enforced, (*query).lease},
	{mmapguard.MechanismDenyWrite, mmapguard.Enforced, (*query).never},
	{mmapguard.MechanismReflink, mmapguard.Isolated, (*query).reflink},
	{mmapguard.MechanismClonefile, mmapguard.Isolated, (*query).never},
	{mmapguard.MechanismLeasedCopy, mmapguard.Isolated, (*query).leasedCopy},
	{mmapguard.MechanismCheckedCopy, mmapguard.Isolated, (*query).checkedCopy},
	{mmapguard.MechanismSealedMemfd, mmapguard.Immutable, (*query).sealedCopy},
}

// Predict says what a request on a regular file, which is no memfd, has to come
// to on Linux. What the options say is judged before the file is looked for.
func Predict(r Request, f File, fs FileSystem) Outcome {
	q := &query{r, f, fs, false}
	switch {
	case !r.valid():
		return Outcome{Refused: class.Invalid}
	case f.Missing:
		return Outcome{Refused: class.NotExist}
	case f.WriteLeased:
		return Outcome{Refused: class.Locked}
	}
	return q.climb()
}

// climb asks one mechanism after the other. An answer that is about the file
// stands alone; otherwise all reasons are given.
func (q *query) climb() Outcome {
	all, asked := class.Set(0), false
	for _, rung := range ladder {
		if rung.guarantee < q.Guarantee || !q.allows(rung.mechanism) {
			continue
		}
		asked = true
		a := rung.ask(q)
		switch {
		case a.refused == 0:
			return Outcome{Mechanism: rung.mechanism, Guarantee: rung.guarantee, Slow: q.slow}
		case !a.next:
			return Outcome{Refused: a.refused, Slow: q.slow}
		}
		all |= a.refused
	}
	if !asked {
		all = class.Unsupported
	}
	return Outcome{Refused: all, Slow: q.slow}
}

func (q *query) never() answer { return unsupported }

// measured is what the file's size has to say.
func (q *query) measured() answer {
	switch {
	case q.Size == 0:
		return answer{class.Empty | class.Invalid, false}
	case q.MaxSize != mmapguard.NoLimit && q.Size > q.MaxSize:
		return answer{class.TooLarge, false}
	case q.Ranged && q.Off+q.N > q.Size:
		return answer{class.Invalid, false}
	}
	return yes
}

// copyable is measured for a mechanism that copies.
func (q *query) copyable() answer {
	if a := q.measured(); a != yes {
		return a
	}
	if from, to := q.Span(q.Size); q.MaxCopy != mmapguard.NoLimit && to-from > q.MaxCopy {
		return answer{class.TooLarge, true}
	}
	return yes
}

// leasable: a tmpfs file without a name grants leases that keep nobody out.
func (q *query) leasable() bool { return q.fs.Leases && (!q.fs.Tmpfs || !q.Unnamed) }

func (q *query) flock() answer {
	if q.Exclusive {
		return locked
	}
	return q.measured()
}

func (q *query) lease() answer {
	switch {
	case !q.leasable():
		return unsupported
	case q.Exclusive, q.Written:
		return locked
	}
	a := q.copyable()
	switch {
	case a.next && q.fs.Reflink:
		return yes // the rescue will be a clone
	case a.next:
		// What a rescue would have to copy is too much, and there are no clones.
		return answer{class.TooLarge | class.Unsupported, true}
	}
	return a
}

func (q *query) reflink() answer {
	switch {
	case q.Exclusive:
		return locked
	case !q.fs.Reflink:
		return unsupported
	}
	return q.measured()
}

func (q *query) leasedCopy() answer {
	if !q.leasable() {
		return unsupported
	}
	return q.sealedCopy()
}

func (q *query) sealedCopy() answer {
	if q.leasable() && q.Written && !q.Exclusive {
		q.slow = true
		return answer{class.Changed | class.Locked, false}
	}
	return q.checkedCopy()
}

func (q *query) checkedCopy() answer {
	if q.Exclusive {
		return locked
	}
	return q.copyable()
}
