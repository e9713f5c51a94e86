package property

import (
	"errors"
	"io/fs"
	"os"
	"slices"

	"github.com/mmapguard/go/mmapguard"
)

// inode is a file as the model knows it: its bytes, and who holds what of it.
type inode struct {
	content []byte
	linked  bool
	ref     *os.File // for stat, and to be mapped when the name is gone

	writers   int // of the other process: descriptors and maps
	exclusive int // locks of the other process
	shared    int
	flocked   int // locks of this process's handles
}

func (i *inode) size() int64 { return int64(len(i.content)) }

// resize is what truncate does: new bytes are zero.
func (i *inode) resize(n int64) {
	if n <= i.size() {
		i.content = slices.Clip(i.content[:n])
		return
	}
	i.content = append(slices.Clip(i.content), make([]byte, n-i.size())...)
}

// put is what a write does: a gap before it is zero.
func (i *inode) put(off int64, b []byte) {
	if end := off + int64(len(b)); end > i.size() && len(b) > 0 {
		i.resize(end)
	}
	copy(i.content[min(off, i.size()):], b)
}

// zero is what punching a hole does, which keeps the size.
func (i *inode) zero(off, n int64) {
	clear(i.content[min(off, i.size()):min(off+n, i.size())])
}

// visible is what a shared map shows of the bytes [from, to): the content, and
// zeros up to the end of its last page. Beyond, the map faults.
func (i *inode) visible(from, to int64) (b []byte, faults bool) {
	end := (i.size() + page - 1) / page * page
	if to > end {
		return nil, true
	}
	b = make([]byte, to-from)
	if from < i.size() {
		copy(b, i.content[from:])
	}
	return b, false
}

var page = int64(os.Getpagesize())

// classes is a set of errors as errors.Is sees it.
type classes map[error]bool

// sentinels are all errors that the library distinguishes.
var sentinels = []error{
	mmapguard.ErrEmpty, mmapguard.ErrNotRegular, mmapguard.ErrLocked, mmapguard.ErrTooLarge, mmapguard.ErrReplaced,
	mmapguard.ErrChanged, mmapguard.ErrRevoked, mmapguard.ErrClosed, mmapguard.ErrUnsupported, mmapguard.ErrFault,
	fs.ErrInvalid, fs.ErrNotExist, fs.ErrPermission,
}

func classesOf(err error) classes {
	set := classes{}
	for _, sentinel := range sentinels {
		if errors.Is(err, sentinel) {
			set[sentinel] = true
		}
	}
	return set
}

func errs(list ...error) classes {
	set := classes{}
	for _, err := range list {
		set[err] = true
	}
	return set
}

// outcome is what the model expects of an open: a mechanism, or errors.
type outcome struct {
	mechanism mmapguard.Mechanism
	guarantee mmapguard.Guarantee
	refused   classes
	slow      bool // half a second of waiting for a writer that will not go
}

// rung is what the model knows about a mechanism: what it promises, and what it
// answers to a request on a file. An answer may give way to the next mechanism.
type rung struct {
	mechanism mmapguard.Mechanism
	guarantee mmapguard.Guarantee
	try       func(q *query) (refused classes, next bool)
}

// query is a request on a file of a file system.
type query struct {
	*request
	*inode
	fs   fileSystem
	slow bool
}

// rungs are the mechanisms in the order of their cost that the library
// documents, those that exist elsewhere or for other files included.
var rungs = []rung{
	{mmapguard.MechanismFlock, mmapguard.Cooperative, (*query).flock},
	{mmapguard.MechanismFsVerity, mmapguard.Immutable, (*query).never},
	{mmapguard.MechanismSealedMemfd, mmapguard.Immutable, (*query).never},
	{mmapguard.MechanismLease, mmapguard.Enforced, (*query).lease},
	{mmapguard.MechanismDenyWrite, mmapguard.Enforced, (*query).never},
	{mmapguard.MechanismReflink, mmapguard.Isolated, (*query).clone},
	{mmapguard.MechanismClonefile, mmapguard.Isolated, (*query).never},
	{mmapguard.MechanismLeasedCopy, mmapguard.Isolated, (*query).leasedCopy},
	{mmapguard.MechanismCheckedCopy, mmapguard.Isolated, (*query).checkedCopy},
	{mmapguard.MechanismSealedMemfd, mmapguard.Immutable, (*query).sealedCopy},
}

// predict says what an open must come to.
func (q *query) predict() outcome {
	all := classes{}
	tried := false
	for _, r := range rungs {
		if r.guarantee < q.guarantee || !q.allows(r.mechanism) || q.digest && r.mechanism != mmapguard.MechanismFsVerity {
			continue
		}
		tried = true
		refused, next := r.try(q)
		if len(refused) == 0 {
			return outcome{mechanism: r.mechanism, guarantee: r.guarantee, slow: q.slow}
		}
		if !next { // an answer about the file stands alone
			return outcome{refused: refused, slow: q.slow}
		}
		for err := range refused {
			all[err] = true
		}
	}
	if !tried {
		all[mmapguard.ErrUnsupported] = true
	}
	return outcome{refused: all, slow: q.slow}
}

func (q *query) never() (classes, bool) { return errs(mmapguard.ErrUnsupported), true }

// fit is what the file's size has to do with it.
func (q *query) fit() classes {
	switch size := q.size(); {
	case size == 0:
		return errs(mmapguard.ErrEmpty, fs.ErrInvalid)
	case q.maxSize != mmapguard.NoLimit && size > q.maxSize:
		return errs(mmapguard.ErrTooLarge)
	case q.ranged && q.off+q.n > size:
		return errs(fs.ErrInvalid)
	}
	return nil
}

// tooMuchToCopy tells whether WithMaxCopy forbids a copy.
func (q *query) tooMuchToCopy() bool {
	_, n := q.span(q.size())
	return q.maxCopy != mmapguard.NoLimit && n > q.maxCopy
}

func (q *query) canLease() bool { return q.fs.leases && (q.linked || !q.fs.tmpfs) }

func (q *query) written() bool { return q.writers > 0 || q.via == viaWritable }

func (q *query) flock() (classes, bool) {
	if q.exclusive > 0 {
		return errs(mmapguard.ErrLocked), false
	}
	return q.fit(), false
}

func (q *query) lease() (classes, bool) {
	switch {
	case !q.canLease():
		return q.never()
	case q.exclusive > 0, q.written():
		return errs(mmapguard.ErrLocked), false
	case q.fit() != nil:
		return q.fit(), false
	case q.tooMuchToCopy() && !q.fs.reflink:
		return errs(mmapguard.ErrTooLarge, mmapguard.ErrUnsupported), true
	}
	return nil, false
}

func (q *query) clone() (classes, bool) {
	switch {
	case q.exclusive > 0:
		return errs(mmapguard.ErrLocked), false
	case !q.fs.reflink:
		return q.never()
	}
	return q.fit(), false
}

func (q *query) leasedCopy() (classes, bool) {
	if !q.canLease() {
		return q.never()
	}
	return q.sealedCopy()
}

func (q *query) sealedCopy() (classes, bool) {
	if q.exclusive == 0 && q.canLease() && q.written() {
		q.slow = true
		return errs(mmapguard.ErrChanged, mmapguard.ErrLocked), false
	}
	return q.checkedCopy()
}

func (q *query) checkedCopy() (classes, bool) {
	switch {
	case q.exclusive > 0:
		return errs(mmapguard.ErrLocked), false
	case q.fit() != nil:
		return q.fit(), false
	case q.tooMuchToCopy():
		return errs(mmapguard.ErrTooLarge), true
	}
	return nil, false
}
