//go:build amd64 || arm64

package cli_test

import (
	"fmt"
	"os"

	"github.com/edsrzf/mmap-go"

	"github.com/mmapguard/go/mmapguard"
)

func exit(code int) { os.Exit(code) }

// mapper maps a file as its first argument says: with the library, or with
// another that knows no locks.
func mapper() int {
	how, name := os.Args[1], os.Args[2]
	if how == "guarded" {
		d, err := mmapguard.MapFile(name)
		if err == nil {
			err = d.Close()
		}
		return failed(err)
	}
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return failed(err)
	}
	length, prot := -1, mmap.RDONLY
	switch how {
	case "writable":
		prot = mmap.RDWR
	case "beyond":
		length = 1 << 20
	}
	m, err := mmap.MapRegion(f, length, prot, 0, 0)
	if err == nil {
		err = m.Unmap()
	}
	return failed(err)
}

func failed(err error) int {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
