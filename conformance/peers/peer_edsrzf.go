package peers

import (
	"os"

	"github.com/edsrzf/mmap-go"
)

var edsrzfPeer = Peer{
	Name:   "edsrzf",
	Module: "github.com/edsrzf/mmap-go",
	Means:  "mmap.Map(f, RDONLY, 0) over os.Open, and MMap.Unmap",
	Open:   openEdsrzf,
}

type edsrzf struct{ sliceHandle }

func openEdsrzf(name string) (Handle, error) {
	f, err := os.Open(name) // #nosec G304 -- the hazard names the file
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	m, err := mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return nil, err
	}
	return &edsrzf{sliceHandle{m}}, nil
}

// Close leaves the handle's slice as Unmap leaves it: nil.
func (e *edsrzf) Close() error {
	m := mmap.MMap(e.b)
	err := m.Unmap()
	e.b = m
	return err
}
