//go:build !unix

package peers

import "errors"

// rawPeer has no counterpart where x/sys/unix does not exist.
var rawPeer = Peer{
	Name:   rawName,
	Module: "golang.org/x/sys",
	Means:  "unix.Mmap, which this system does not have",
	Open: func(string) (Handle, error) {
		return nil, errors.ErrUnsupported
	},
}
