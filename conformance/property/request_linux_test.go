package property

import (
	"os"
	"path/filepath"
	"slices"

	"pgregory.net/rapid"

	"github.com/mmapguard/go/mmapguard"
)

// via is the way in which a file is opened.
type via string

const (
	viaName     via = "MapFile"
	viaRoot     via = "MapFileIn"
	viaFile     via = "MapOpenFile"            // of a descriptor that may have outlived the name
	viaWritable via = "MapOpenFile read-write" // of a writable one, open as long as the call
)

// request is an open with its options.
type request struct {
	via        via
	guarantee  mmapguard.Guarantee
	mechanisms []mmapguard.Mechanism
	ranged     bool
	off, n     int64
	maxSize    int64
	maxCopy    int64
	populate   bool
	hint       int
	digest     bool
}

var everyMechanism = []mmapguard.Mechanism{
	mmapguard.MechanismFlock, mmapguard.MechanismLease, mmapguard.MechanismDenyWrite, mmapguard.MechanismReflink,
	mmapguard.MechanismClonefile, mmapguard.MechanismLeasedCopy, mmapguard.MechanismCheckedCopy,
	mmapguard.MechanismSealedMemfd, mmapguard.MechanismFsVerity, mmapguard.MechanismHeap,
}

// oneIn draws true once in n times, and shrinks to false.
func oneIn(t *rapid.T, n int, label string) bool {
	return rapid.IntRange(0, n-1).Draw(t, label) == n-1
}

// drawRequest draws a request for a file of the given size. Most of them can be
// met; ranges and limits are near what decides.
func drawRequest(t *rapid.T, size int64) *request {
	q := &request{
		via:       rapid.SampledFrom([]via{viaName, viaName, viaRoot, viaFile, viaWritable}).Draw(t, "via"),
		guarantee: rapid.SampledFrom(mmapguard.Guarantees()).Draw(t, "guarantee"),
		maxSize:   drawLimit(t, size, "maxSize"),
		maxCopy:   drawLimit(t, size, "maxCopy"),
		populate:  oneIn(t, 4, "populate"),
		hint:      rapid.IntRange(0, 2).Draw(t, "hint"),
		digest:    oneIn(t, 40, "digest"),
	}
	if oneIn(t, 3, "restricted") {
		q.mechanisms = rapid.SliceOfNDistinct(rapid.SampledFrom(everyMechanism), 1, 4, rapid.ID).Draw(t, "mechanisms")
	}
	if oneIn(t, 3, "ranged") {
		q.ranged = true
		q.off = rapid.Int64Range(0, size+1).Draw(t, "off")
		q.n = rapid.Int64Range(1, max(1, size-q.off)+1).Draw(t, "n")
	}
	return q
}

func drawLimit(t *rapid.T, size int64, label string) int64 {
	if !oneIn(t, 6, label) {
		return mmapguard.NoLimit
	}
	return max(0, size+rapid.Int64Range(-size/2-1, 2).Draw(t, label+" bytes"))
}

func (r *request) allows(m mmapguard.Mechanism) bool {
	return len(r.mechanisms) == 0 || slices.Contains(r.mechanisms, m)
}

// span is the part of a file of the given size that is asked for.
func (r *request) span(size int64) (off, n int64) {
	if r.ranged {
		return r.off, r.n
	}
	return 0, size
}

func (r *request) options() []mmapguard.Option {
	opts := []mmapguard.Option{
		mmapguard.WithGuarantee(r.guarantee), mmapguard.WithMechanisms(r.mechanisms...),
		mmapguard.WithMaxSize(r.maxSize), mmapguard.WithMaxCopy(r.maxCopy),
	}
	if r.ranged {
		opts = append(opts, mmapguard.WithRange(r.off, r.n))
	}
	if r.populate {
		opts = append(opts, mmapguard.WithPopulate())
	}
	switch r.hint {
	case 1:
		opts = append(opts, mmapguard.WithSequential())
	case 2:
		opts = append(opts, mmapguard.WithRandom())
	}
	if r.digest {
		opts = append(opts, mmapguard.WithDigest(mmapguard.VerityDigest{Algorithm: "sha256", Sum: make([]byte, 32)}))
	}
	return opts
}

// open makes the request. For viaFile and viaWritable, f is the descriptor.
func (r *request) open(path string, f *os.File) (*mmapguard.FileData, error) {
	switch r.via {
	case viaRoot:
		root, err := os.OpenRoot(filepath.Dir(path))
		if err != nil {
			return nil, err
		}
		defer func() { _ = root.Close() }()
		return mmapguard.MapFileIn(root, filepath.Base(path), r.options()...)
	case viaFile, viaWritable:
		return mmapguard.MapOpenFile(f, r.options()...)
	}
	return mmapguard.MapFile(path, r.options()...)
}

// drawSize draws a size: of a few pages, of part of one, rarely of so many that
// the library copies in two goroutines.
func drawSize(t *rapid.T) int64 {
	switch rapid.IntRange(0, 39).Draw(t, "kind of size") {
	case 39:
		return 8<<20 + rapid.Int64Range(-1, page+1).Draw(t, "size beyond 8 MiB")
	case 30, 31, 32, 33, 34, 35, 36, 37, 38:
		return page * rapid.Int64Range(1, 5).Draw(t, "pages")
	}
	return rapid.Int64Range(0, 5*page).Draw(t, "size")
}

func drawSeed(t *rapid.T) uint64 { return rapid.Uint64Range(0, 1<<20).Draw(t, "seed") }
