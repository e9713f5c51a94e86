package mmapguard

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Load maps a file like MapFile, or reads standard input if the name is "-",
// of which it takes at most StdinLimit bytes, or WithMaxSize if that is less.
// WithRange then selects from what was read. Standard input that is empty is a
// handle of no bytes.
func Load(name string, opts ...Option) (*FileData, error) {
	if name != "-" {
		return MapFile(name, opts...)
	}
	cfg, err := newConfig(opts)
	if err != nil {
		return nil, pathError("load", stdinName, err)
	}
	limit := int64(StdinLimit)
	if cfg.maxSize != NoLimit {
		limit = min(limit, cfg.maxSize)
	}
	return load(os.Stdin, stdinName, limit, cfg)
}

// LoadStdin reads all of standard input, at most limit bytes; more is
// ErrTooLarge. NoLimit lifts the bound.
func LoadStdin(limit int64) (*FileData, error) {
	return load(os.Stdin, stdinName, limit, &config{})
}

// LoadReader reads r to its end, at most limit bytes; more is ErrTooLarge, and
// no partial data is returned. NoLimit lifts the bound. Memory is taken as the
// bytes arrive. A reader that again and again returns nothing and no error is
// io.ErrNoProgress; one that returns nothing and io.EOF gives a handle of no
// bytes. The reader is not closed.
func LoadReader(r io.Reader, limit int64) (*FileData, error) {
	if r == nil {
		return nil, pathError("load", readerName, invalid("nil reader"))
	}
	name := readerName
	if f, ok := r.(*os.File); ok {
		name = f.Name()
	}
	return load(r, name, limit, &config{})
}

const (
	stdinName  = "standard input"
	readerName = "reader"
)

func load(r io.Reader, name string, limit int64, cfg *config) (*FileData, error) {
	b, err := readAll(r, limit)
	if err != nil {
		return nil, asPathError("load", name, err)
	}
	off, n, err := cfg.span(int64(len(b)))
	if err != nil {
		return nil, pathError("load", name, err)
	}
	if cfg.digest != nil {
		return nil, pathError("load", name, unsupported("only a file can have an fs-verity digest"))
	}
	if cfg.guarantee > Isolated || !cfg.allows(MechanismHeap) {
		return nil, pathError("load", name, unsupported("bytes from a reader are kept on the heap, which is %v", Isolated))
	}
	return newLoaded(name, b[off:off+n], MechanismHeap), nil
}

const (
	firstChunk = 64 << 10
	largeChunk = 8 << 20

	// maxIdleReads is how often a reader may return nothing in a row; package
	// bufio has the same patience.
	maxIdleReads = 100
)

var errBadCount = errors.New("reader returned an impossible count")

// readAll reads up to limit bytes, and one more to see that there is no more.
// Chunks grow with what has come, so that neither a claim nor a trickle makes
// it take much more memory than the data.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	if limit < NoLimit {
		return nil, invalid("limit %d: a limit is 0 or more, or NoLimit", limit)
	}
	var chunks [][]byte
	chunk := make([]byte, 0, firstChunk)
	total, idle := int64(0), 0
	for {
		if len(chunk) == cap(chunk) {
			chunks = append(chunks, chunk)
			chunk = make([]byte, 0, min(2*cap(chunk), largeChunk))
		}
		free := chunk[len(chunk):cap(chunk)]
		n, err := r.Read(free)
		if n < 0 || n > len(free) {
			return nil, errBadCount
		}
		chunk = chunk[:len(chunk)+n]
		total += int64(n)
		switch {
		case overLimit(total, limit):
			return nil, tooLarge("more than %d bytes", limit)
		case err == io.EOF:
			return concat(chunks, chunk, total), nil
		case err != nil:
			return nil, fmt.Errorf("after %d bytes: %w", total, bare(err))
		case n > 0:
			idle = 0
		default:
			if idle++; idle == maxIdleReads {
				return nil, io.ErrNoProgress
			}
		}
	}
}

// concat joins the chunks in a slice of exactly their size.
func concat(chunks [][]byte, last []byte, total int64) []byte {
	all := make([]byte, 0, total)
	for _, chunk := range chunks {
		all = append(all, chunk...)
	}
	return append(all, last...)
}
