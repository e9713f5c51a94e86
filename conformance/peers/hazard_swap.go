package peers

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// swapHazard is the race between naming a file and using it.
var swapHazard = Hazard{
	ID:    "path-swap",
	What:  "Another process keeps renaming symbolic and hard links to two files over the name, during hundreds of opens.",
	Stage: stageSwap,
	Meet:  meetSwap,
}

// The two files differ in size, so that the size of one with the bytes of the
// other would show.
const (
	firstSize  = 128 << 10
	secondSize = 192 << 10
)

func stageSwap(dir string) (*stage, error) {
	s, err := ownFile(dir, firstSize)
	if err != nil {
		return nil, err
	}
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	if err := os.Rename(s.path, first); err != nil {
		return nil, err
	}
	b := bytes.Repeat([]byte{foreign}, secondSize)
	if err := os.WriteFile(second, b, 0o600); err != nil {
		return nil, err
	}
	s.right[0].name = "the first file's bytes"
	s.right = append(s.right, contentOf("the second file's bytes", b))
	s.owners[foreign] = "the second file's"
	swap := newSwapper(s.path, first, second)
	s.clear = swap.stop
	return s, swap.start()
}

// swapper renames new links over a name until it is stopped.
type swapper struct {
	path  string
	files []string
	quit  chan struct{}
	ended chan error
}

func newSwapper(path string, files ...string) *swapper {
	return &swapper{path: path, files: files, quit: make(chan struct{}), ended: make(chan error, 1)}
}

// start swaps once before it returns, so that the name exists.
func (s *swapper) start() error {
	err := s.swap(0)
	go func() { s.ended <- s.loop() }()
	return err
}

func (s *swapper) loop() error {
	for i := 1; ; i++ {
		select {
		case <-s.quit:
			return nil
		default:
		}
		if err := s.swap(i); err != nil {
			return fmt.Errorf("swapping %s: %w", s.path, err)
		}
	}
}

// swap puts the i-th link in place: every file in turn, by both kinds of link.
func (s *swapper) swap(i int) error {
	link := os.Symlink
	if i/len(s.files)%2 == 1 {
		link = os.Link
	}
	next := s.path + ".next"
	if err := link(s.files[i%len(s.files)], next); err != nil {
		return err
	}
	return s.rename(next)
}

// rename also removes what is left when both names are of one inode already:
// then rename(2) does nothing, successfully.
func (s *swapper) rename(next string) error {
	if err := os.Rename(next, s.path); err != nil {
		return err
	}
	err := os.Remove(next)
	if os.IsNotExist(err) {
		return nil
	}
	return err
}

func (s *swapper) stop() error {
	close(s.quit)
	return <-s.ended
}

const (
	// fewestOpens are tried in any case, mostOpens if only one file was seen.
	fewestOpens = 500
	mostOpens   = 50_000
)

func meetSwap(c *child) {
	lengths := map[int64]bool{}
	for i := 0; i < fewestOpens || len(lengths) == 1 && i < mostOpens; i++ {
		h := c.open()
		if h == nil {
			continue
		}
		lengths[h.Len()] = true
		c.read("read", h, h.Len())
		c.done(h)
	}
	if len(lengths) == 1 {
		c.giveUp("swapping", errors.New("only one of the two files was ever met"))
	}
}
