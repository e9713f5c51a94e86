package peers

import (
	"bytes"
	"os"
)

// The hazards of a handle that is used when it should not be any more.
var (
	closedHazard = Hazard{
		ID:    "use-after-close",
		What:  "The handle is closed, and then read again.",
		Stage: stageClosed,
		Meet:  meetClosed,
	}
	staleHazard = Hazard{
		ID:    "stale-slice",
		What:  "A slice is kept, its handle closed, another file opened; then the kept slice is read.",
		Stage: stageTwoFiles,
		Meet:  meetStale,
	}
	closingHazard = Hazard{
		ID:    "close-in-read",
		What:  "One goroutine reads while another closes the handle and opens another file (a race: its outcome may vary).",
		Stage: stageTwoFiles,
		Meet:  meetClosing,
		// Its rounds take long on a busy machine, which is no hang.
		Patience: 6,
	}
)

func stageClosed(dir string) (*stage, error) { return ownFile(dir, fileSize) }

// secondSuffix makes the name of the other file, which has the same size: a
// range of addresses that comes free is what the next mapping of that size gets.
const secondSuffix = ".other"

func stageTwoFiles(dir string) (*stage, error) {
	s, err := ownFile(dir, 8*fileSize)
	if err != nil {
		return nil, err
	}
	s.owners[foreign] = "another file's"
	return s, os.WriteFile(s.path+secondSuffix, bytes.Repeat([]byte{foreign}, 8*fileSize), 0o600)
}

func meetClosed(c *child) {
	h := c.open()
	if h == nil {
		return
	}
	n := h.Len()
	c.done(h)
	c.read("read after close", h, n)
}

func meetStale(c *child) {
	h := c.open()
	if h == nil {
		return
	}
	kept := h.Keep()
	c.done(h)
	if kept == nil {
		c.lack("hands out no slice that could be kept")
		return
	}
	other := c.openAs("open the other file", c.path+secondSuffix)
	if other == nil {
		return
	}
	const op = "read the kept slice"
	c.say(event{Kind: began, Op: op})
	c.say(event{Kind: sawBytes, Op: op, Saw: look(kept)})
	c.done(other)
}

// closings is how often a close is tried in the middle of a read. The reads
// that follow it are certain; that one was under way is only very likely.
const closings = 20

func meetClosing(c *child) {
	for range closings {
		if !c.closeWhileReading() {
			return
		}
	}
}

func (c *child) closeWhileReading() bool {
	h := c.open()
	if h == nil {
		return false
	}
	reading, read := make(chan struct{}), make(chan struct{})
	go c.keepReading(h, h.Len(), reading, read)
	<-reading
	c.done(h)
	other := c.openBeside("open the other file", c.path+secondSuffix)
	<-read
	if other == nil {
		return false
	}
	c.done(other)
	return true
}

// keepReading reads once undisturbed, says so, and reads on a few times.
func (c *child) keepReading(h Handle, n int64, reading, read chan<- struct{}) {
	defer close(read)
	c.read("read", h, n)
	close(reading)
	for range 4 {
		c.read("read beside close", h, n)
	}
}
