package mmapguard

import (
	"fmt"
	"io/fs"
	"slices"
)

// NoLimit, given as a limit, means that there is none.
const NoLimit = -1

// DefaultMaxCopy is how many bytes a mechanism that copies may copy unless
// WithMaxCopy says otherwise: 1 GiB.
const DefaultMaxCopy = 1 << 30

// StdinLimit is how many bytes Load reads from standard input: 1 GiB.
const StdinLimit = 1 << 30

// Option changes how a file is opened.
type Option func(*config)

type accessHint int

const (
	accessNormal accessHint = iota
	accessSequential
	accessRandom
)

type config struct {
	guarantee  Guarantee
	maxSize    int64
	maxCopy    int64
	mechanisms []Mechanism
	ranged     bool
	off, n     int64
	populate   bool
	digest     *VerityDigest
	access     accessHint
}

// WithGuarantee sets the least guarantee that will do; the default is
// Cooperative. The cheapest mechanism that provides it is taken.
func WithGuarantee(g Guarantee) Option { return func(c *config) { c.guarantee = g } }

// WithMaxSize refuses files of more than the given number of bytes with
// ErrTooLarge. It is the file's size that counts, also under WithRange.
// The default is NoLimit.
func WithMaxSize(bytes int64) Option { return func(c *config) { c.maxSize = bytes } }

// WithMaxCopy bounds how many bytes a mechanism may copy; beyond it is
// ErrTooLarge. The default is DefaultMaxCopy; NoLimit lifts the bound.
func WithMaxCopy(bytes int64) Option { return func(c *config) { c.maxCopy = bytes } }

// WithMechanisms restricts the choice to the given mechanisms.
func WithMechanisms(m ...Mechanism) Option {
	return func(c *config) { c.mechanisms = slices.Clone(m) }
}

// WithRange opens only the n bytes from offset off, both of any alignment. A
// range that is empty, negative or not within the file is fs.ErrInvalid.
func WithRange(off, n int64) Option {
	return func(c *config) { c.ranged, c.off, c.n = true, off, n }
}

// WithPopulate reads all pages in while opening, so that a page that cannot be
// read is an error (*FaultError) now instead of later.
func WithPopulate() Option { return func(c *config) { c.populate = true } }

// WithDigest requires a file with fs-verity enabled whose digest, as measured
// by the kernel, is the given one; any other is ErrDigest. It takes a mechanism
// that shows checked bytes alone: fs-verity, or a sealed copy of what the kernel
// checked while it was read.
func WithDigest(d VerityDigest) Option { return func(c *config) { c.digest = &d } }

// WithSequential tells the kernel that the bytes will be read from front to
// back.
func WithSequential() Option { return func(c *config) { c.access = accessSequential } }

// WithRandom tells the kernel that the bytes will be read in no order.
func WithRandom() Option { return func(c *config) { c.access = accessRandom } }

// newConfig applies the options and refuses those that make no sense on any
// file, so that a mistake is seen at the first call.
func newConfig(opts []Option) (*config, error) {
	c := &config{maxSize: NoLimit, maxCopy: DefaultMaxCopy}
	for _, opt := range opts {
		if opt != nil {
			opt(c)
		}
	}
	return c, c.check()
}

func (c *config) check() error {
	switch {
	case !c.guarantee.valid():
		return invalid("WithGuarantee(%v): no such guarantee", c.guarantee)
	case c.maxSize < NoLimit:
		return invalid("WithMaxSize(%d): a limit is 0 or more, or NoLimit", c.maxSize)
	case c.maxCopy < NoLimit:
		return invalid("WithMaxCopy(%d): a limit is 0 or more, or NoLimit", c.maxCopy)
	case c.digest != nil && !c.digest.valid():
		return invalid("WithDigest(%v): want sha256 with 32 bytes or sha512 with 64", c.digest)
	case c.ranged && (c.off < 0 || c.n <= 0 || c.off+c.n < 0):
		return invalid("WithRange(%d, %d): the offset is 0 or more, the length 1 or more", c.off, c.n)
	}
	for _, m := range c.mechanisms {
		if !knownMechanism(m) {
			return invalid("WithMechanisms(%q): no such mechanism", string(m))
		}
	}
	return nil
}

// span is the part of a file of the given size that was asked for.
func (c *config) span(size int64) (off, n int64, err error) {
	if !c.ranged {
		return 0, size, nil
	}
	if c.off+c.n > size {
		return 0, 0, invalid("range of %d bytes at offset %d ends beyond the file's %d bytes", c.n, c.off, size)
	}
	return c.off, c.n, nil
}

func (c *config) allows(m Mechanism) bool {
	return len(c.mechanisms) == 0 || slices.Contains(c.mechanisms, m)
}

func overLimit(n, limit int64) bool { return limit != NoLimit && n > limit }

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", fs.ErrInvalid, fmt.Sprintf(format, args...))
}
