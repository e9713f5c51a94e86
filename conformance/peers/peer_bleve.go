package peers

import (
	"os"

	"github.com/blevesearch/mmap-go"
)

var blevePeer = Peer{
	Name:   "bleve",
	Module: "github.com/blevesearch/mmap-go",
	Means:  "mmap.Map(f, RDONLY, 0) over os.Open, and MMap.Unmap",
	Open:   openBleve,
}

type bleve struct{ sliceHandle }

func openBleve(name string) (Handle, error) {
	f, err := os.Open(name) // #nosec G304 -- the hazard names the file
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	m, err := mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return nil, err
	}
	return &bleve{sliceHandle{m}}, nil
}

// Close leaves the handle's slice as Unmap leaves it: nil.
func (b *bleve) Close() error {
	m := mmap.MMap(b.b)
	err := m.Unmap()
	b.b = m
	return err
}
