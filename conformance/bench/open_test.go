//go:build unix

package bench

import (
	"os"
	"testing"

	mmapgo "github.com/edsrzf/mmap-go"
	expmmap "golang.org/x/exp/mmap"
	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

// BenchmarkOpenClose opens a file of a MiB, maps it and undoes both. os.ReadFile
// stands for the copy that a mapping saves.
func BenchmarkOpenClose(b *testing.B) {
	name := testFile(b, mib)
	for _, way := range []struct {
		name string
		once func(string) error
	}{
		{"mmapguard", onceGuarded},
		{"exp-mmap", onceExp},
		{"mmap-go", onceMmapGo},
		{"raw", onceRaw},
		{"os-ReadFile", onceReadFile},
	} {
		b.Run("impl="+way.name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				if err := way.once(name); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func onceGuarded(name string) error {
	d, err := mmapguard.MapFile(name)
	if err != nil {
		return err
	}
	return d.Close()
}

func onceExp(name string) error {
	r, err := expmmap.Open(name)
	if err != nil {
		return err
	}
	return r.Close()
}

// onceMmapGo closes the file before it unmaps, as the other peers do.
func onceMmapGo(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	m, err := mmapgo.Map(f, mmapgo.RDONLY, 0)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return m.Unmap()
}

func onceRaw(name string) error {
	data, err := rawMap(name)
	if err != nil {
		return err
	}
	return unix.Munmap(data)
}

func onceReadFile(name string) error {
	_, err := os.ReadFile(name)
	return err
}
