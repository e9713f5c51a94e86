//go:build unix

package peers

import (
	"os"

	"golang.org/x/sys/unix"
)

// rawPeer is what a program gets that calls the system itself, and the control
// of the comparison: if nothing happens to it, the hazards are no hazards.
var rawPeer = Peer{
	Name:   rawName,
	Module: "golang.org/x/sys",
	Means:  "unix.Mmap(PROT_READ, MAP_SHARED) over os.Open and Stat",
	Open:   openRaw,
}

type raw struct{ sliceHandle }

func openRaw(name string) (Handle, error) {
	f, err := os.Open(name) // #nosec G304 -- the hazard names the file
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	b, err := unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return &raw{sliceHandle{b}}, nil
}

func (r *raw) Close() error { return unix.Munmap(r.b) }
