package peers

import (
	"os"
	"path/filepath"
)

// narrowHazard is a size that a 32-bit int cannot hold.
var narrowHazard = Hazard{
	ID:     "size-32-bit",
	What:   "A 32-bit program with an address space of 2 GiB opens a sparse file of 5 GiB.",
	Narrow: true,
	// A reader of it all zeroes and copies gigabytes before it gives up.
	Patience: 10,
	Stage:    stageNarrow,
	Meet:     meetNarrow,
}

const (
	// wideSize is 1 GiB when it is cut down to 32 bits: small enough to be
	// mapped by a program that does not notice.
	wideSize = 5 << 30
	// addressSpace is what 32-bit systems give a program, and keeps one that
	// tries to read it all from taking the machine's memory.
	addressSpace = 2 << 30
)

func stageNarrow(dir string) (*stage, error) {
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte{own}, 0o600); err != nil {
		return nil, err
	}
	return &stage{
		path:  path,
		right: []content{lengthOnly("the whole length", wideSize)},
	}, os.Truncate(path, wideSize)
}

func meetNarrow(c *child) {
	if err := limitAddressSpace(addressSpace); err != nil {
		c.giveUp("limiting the address space", err)
	}
	h := c.open()
	if h == nil {
		return
	}
	c.say(event{Kind: sawBytes, Op: "length", Saw: &bytesSeen{Len: h.Len()}})
	c.done(h)
}
