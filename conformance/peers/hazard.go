package peers

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
)

// Hazard is something that happens to programs that map files.
type Hazard struct {
	// ID is one word, for the table and for programs.
	ID string `json:"id"`
	// What says what happens, in one sentence.
	What string `json:"what"`
	// Narrow asks for a child with 32-bit integers.
	Narrow bool `json:"narrow,omitempty"`
	// Patience is how many times longer than others a child may take, which
	// keeps hard work from looking like a hang; 0 is 1.
	Patience int `json:"-"`
	// Stage prepares a directory of the hazard's own, in the parent.
	Stage func(dir string) (*stage, error) `json:"-"`
	// Meet is what the child does with its peer.
	Meet func(c *child) `json:"-"`
}

// stage is a prepared hazard as the parent holds it: another process than the
// peer's, as the culprit is in life.
type stage struct {
	path string
	// strike runs when the child is ready, if the hazard has an event.
	strike func() error
	// right lists the contents any one of which is a right answer.
	right []content
	// owners names the values that files are filled with.
	owners map[int]string
	// damage says what the hazard did to the file itself, or nothing.
	damage func() (string, error)
	// clear undoes what removing the directory would not.
	clear func() error
}

// skipError says why a hazard cannot be staged on this machine.
type skipError struct{ why string }

func (s *skipError) Error() string { return s.why }

func skip(why string) error { return &skipError{why} }

func skipReason(err error) (string, bool) {
	var s *skipError
	if errors.As(err, &s) {
		return s.why, true
	}
	return "", false
}

// Hazards lists all hazards, in the order of the table.
func Hazards() []Hazard {
	return []Hazard{
		truncateHazard, shrinkHazard, rewriteHazard, ioErrorHazard,
		closedHazard, staleHazard, closingHazard,
		emptyHazard, fifoHazard, procHazard,
		appendHazard, writeHazard,
		lockedHazard, lockedIdleHazard, swapHazard, narrowHazard,
	}
}

const (
	// fileSize is some pages, whatever the page size (64 KiB at most).
	fileSize = 1 << 20

	own     = 'A'
	foreign = 'B'
	zero    = 0
)

// tidy runs clear, also on a stage that was only half prepared.
func (s *stage) tidy() error {
	if s == nil || s.clear == nil {
		return nil
	}
	return s.clear()
}

// ownFile stages a file filled with own, and nothing that happens to it.
func ownFile(dir string, size int) (*stage, error) {
	path := filepath.Join(dir, "file")
	b := bytes.Repeat([]byte{own}, size)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return nil, err
	}
	return &stage{
		path:   path,
		right:  []content{contentOf("the file's bytes", b)},
		owners: map[int]string{own: "the file's own", zero: "zeros"},
	}, nil
}
