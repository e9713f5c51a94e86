package peers

import "bytes"

// ioErrorHazard is a disk, or a network, that fails under the mapping.
var ioErrorHazard = Hazard{
	ID:    "io-error",
	What:  "The file system answers reads of one block in the middle of the file with EIO (FUSE); the file is read.",
	Stage: stageIOError,
	Meet:  meetIOError,
}

func stageIOError(dir string) (*stage, error) {
	b := bytes.Repeat([]byte{own}, fileSize)
	path, unmount, err := mountFailing(dir, b)
	if err != nil {
		return nil, err
	}
	return &stage{
		path:   path,
		right:  []content{contentOf("the file's bytes", b)},
		owners: map[int]string{own: "the file's own", zero: "zeros"},
		clear:  unmount,
	}, nil
}

func meetIOError(c *child) {
	h := c.open()
	if h == nil {
		return
	}
	c.readBoth(h)
	c.done(h)
}
