package peers

import (
	"bytes"
	"fmt"
	"os"
)

// The hazards of a slice that is taken for an ordinary one.
var (
	appendHazard = Hazard{
		ID:    "capacity",
		What:  "A byte is appended to the slice, which must not reach the memory behind the file's bytes.",
		Stage: stageAppend,
		Meet:  meetAppend,
	}
	writeHazard = Hazard{
		ID:    "write",
		What:  "The first byte of the slice is written to; neither the program nor the file should suffer.",
		Stage: stageWrite,
		Meet:  meetWrite,
	}
)

// oddSize leaves room in the file's last page, where a capacity could reach.
const oddSize = 100

func stageAppend(dir string) (*stage, error) { return stageUntouched(dir, oddSize) }

func stageWrite(dir string) (*stage, error) { return stageUntouched(dir, fileSize) }

// stageUntouched stages a file of which every byte has to survive.
func stageUntouched(dir string, size int) (*stage, error) {
	s, err := ownFile(dir, size)
	if err != nil {
		return nil, err
	}
	s.damage = func() (string, error) {
		b, err := os.ReadFile(s.path)
		if err != nil || bytes.Equal(b, bytes.Repeat([]byte{own}, size)) {
			return "", err
		}
		return fmt.Sprintf("the file itself was changed: %d bytes, %v", len(b), distinct(b)), nil
	}
	return s, nil
}

func meetAppend(c *child) {
	h := c.open()
	if h == nil {
		return
	}
	ok := c.lend("append", h, func(b []byte) {
		c.measure("slice", "capacity %d for %d bytes", cap(b), len(b))
		longer := b
		longer = append(longer, 'X')
		c.say(event{Kind: sawBytes, Op: "append", Saw: look(longer[:len(b)])})
	})
	if !ok {
		c.lack("shows no slice")
	}
	c.done(h)
}

func meetWrite(c *child) {
	h := c.open()
	if h == nil {
		return
	}
	ok := c.lend("write", h, func(b []byte) {
		b[0] = 'X'
		c.measure("write", "reached memory of the program's own")
	})
	if !ok {
		c.lack("shows no slice")
	}
	c.done(h)
}
