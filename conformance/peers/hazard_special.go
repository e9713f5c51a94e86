package peers

import (
	"os"
	"path/filepath"
)

// The hazards of names that lead to something else than a file with bytes.
var (
	emptyHazard = Hazard{
		ID:    "empty",
		What:  "The file has no bytes.",
		Stage: stageEmpty,
		Meet:  meetSpecial,
	}
	fifoHazard = Hazard{
		ID:    "fifo",
		What:  "The name is that of a FIFO to which nobody writes.",
		Stage: stageFIFO,
		Meet:  meetSpecial,
	}
	procHazard = Hazard{
		ID:    "proc",
		What:  "The file is /proc/version, whose size is said to be 0 and which has bytes all the same.",
		Stage: stageProc,
		Meet:  meetSpecial,
	}
)

func stageEmpty(dir string) (*stage, error) {
	s, err := ownFile(dir, 0)
	if err != nil {
		return nil, err
	}
	s.right[0].name = "no bytes"
	return s, nil
}

func stageFIFO(dir string) (*stage, error) {
	path := filepath.Join(dir, "fifo")
	if err := makeFIFO(path); err != nil {
		return nil, err
	}
	return &stage{path: path, right: []content{contentOf("no bytes", nil)}}, nil
}

func stageProc(string) (*stage, error) {
	const path = "/proc/version"
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, skip("no " + path + " on this system")
	}
	return &stage{path: path, right: []content{contentOf("the file's bytes", b)}}, nil
}

func meetSpecial(c *child) {
	h := c.open()
	if h == nil {
		return
	}
	c.read("read", h, h.Len())
	c.done(h)
}
