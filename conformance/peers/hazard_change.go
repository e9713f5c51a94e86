package peers

import (
	"bytes"
	"errors"
	"os"
	"time"
)

// The hazards of a file that somebody changes while it is open, without asking
// for a lock.
var (
	truncateHazard = Hazard{
		ID:    "truncate",
		What:  "Another process truncates the open file to nothing; then it is read, by copy and through the slice.",
		Stage: stageTruncate,
		Meet:  meetChange,
	}
	shrinkHazard = Hazard{
		ID:    "shrink-in-page",
		What:  "Another process cuts a few bytes off, within the last page, where no fault can tell; then the file is read.",
		Stage: stageShrink,
		Meet:  meetChange,
	}
	rewriteHazard = Hazard{
		ID:    "rewrite",
		What:  "Another process overwrites the open file in place, without a lock; then it is read.",
		Stage: stageRewrite,
		Meet:  meetChange,
	}
)

func stageTruncate(dir string) (*stage, error) {
	s, err := ownFile(dir, fileSize)
	if err != nil {
		return nil, err
	}
	s.strike = func() error { return os.Truncate(s.path, 0) }
	return s, nil
}

func stageShrink(dir string) (*stage, error) {
	s, err := ownFile(dir, fileSize)
	if err != nil {
		return nil, err
	}
	s.strike = func() error { return os.Truncate(s.path, fileSize-100) }
	return s, nil
}

func stageRewrite(dir string) (*stage, error) {
	s, err := ownFile(dir, fileSize)
	if err != nil {
		return nil, err
	}
	s.owners[foreign] = "the writer's"
	s.strike = func() error { return rewriteUntilSeen(s.path) }
	return s, nil
}

// rewriteUntilSeen overwrites a file until its time moves: some kernels let it
// stand still for a few milliseconds, and a change within them is invisible.
func rewriteUntilSeen(path string) error {
	before, err := os.Stat(path)
	if err != nil {
		return err
	}
	for {
		if err := overwrite(path, 0); err != nil {
			return err
		}
		after, err := os.Stat(path)
		if err != nil || !after.ModTime().Equal(before.ModTime()) {
			return err
		}
		time.Sleep(time.Millisecond)
	}
}

// overwrite fills a file of fileSize bytes with foreign, from an offset on.
func overwrite(path string, from int) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0) // #nosec G304 -- the stage made the file
	if err != nil {
		return err
	}
	_, err = f.WriteAt(bytes.Repeat([]byte{foreign}, fileSize-from), int64(from))
	return errors.Join(err, f.Close())
}

func meetChange(c *child) {
	h := c.open()
	if h == nil {
		return
	}
	c.await()
	c.readBoth(h)
	c.askChanged(h)
	c.done(h)
}
