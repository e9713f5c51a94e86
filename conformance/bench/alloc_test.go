package bench

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/mmapguard/go/mmapguard"
)

func TestReadAtAllocatesNothing(t *testing.T) {
	name := filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(name, make([]byte, 8*kib), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := mmapguard.MapFile(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}()
	p := make([]byte, 4*kib)
	allocs := testing.AllocsPerRun(1000, func() {
		if _, err := d.ReadAt(p, 100); err != nil {
			t.Fatal(err)
		}
	})
	if allocs != 0 {
		t.Errorf("ReadAt allocates %v times", allocs)
	}
}
