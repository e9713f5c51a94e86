package bench

import (
	"os"
	"testing"

	mmapgo "github.com/edsrzf/mmap-go"

	"github.com/mmapguard/go/mmapguard"
)

func mapGuarded(b *testing.B, name string) *mmapguard.FileData {
	b.Helper()
	d, err := mmapguard.MapFile(name)
	return must(b, d, err)
}

// mapMmapGo maps a whole file with mmap-go for the benchmark's time.
func mapMmapGo(b *testing.B, name string) mmapgo.MMap {
	b.Helper()
	f, err := os.Open(name)
	closing(b, must(b, f, err))
	m, err := mmapgo.Map(f, mmapgo.RDONLY, 0)
	must(b, m, err)
	b.Cleanup(func() {
		if err := m.Unmap(); err != nil {
			b.Error(err)
		}
	})
	return m
}
