package bench

import (
	"fmt"
	"os"
	"sync"
	"testing"

	expmmap "golang.org/x/exp/mmap"

	"github.com/mmapguard/go/mmapguard"
)

// offsetMask keeps offsets within the file of a MiB, and the largest read too.
// They move by a prime, so that reads cross cache lines and pages.
const (
	offsetMask = mib/2 - 1
	offsetStep = 4099
)

// The loops below are written out for each peer, because a call through an
// interface or a function value would cost as much as the fastest of them.

func BenchmarkReadAt(b *testing.B) {
	for _, size := range []int{8, 4 * kib} {
		b.Run(fmt.Sprintf("size=%d", size), func(b *testing.B) { readAt(b, testFile(b, mib), size) })
	}
}

func readAt(b *testing.B, name string, size int) {
	b.Run("impl=mmapguard", func(b *testing.B) {
		d := closing(b, mapGuarded(b, name))
		p := make([]byte, size)
		b.ReportAllocs()
		b.ResetTimer()
		readGuarded(b, d, p, b.N)
	})
	b.Run("impl=exp-mmap", func(b *testing.B) {
		r, err := expmmap.Open(name)
		closing(b, must(b, r, err))
		p := make([]byte, size)
		b.ReportAllocs()
		b.ResetTimer()
		for i, off := 0, int64(0); i < b.N; i, off = i+1, (off+offsetStep)&offsetMask {
			if n, err := r.ReadAt(p, off); n != size || err != nil {
				b.Fatal(n, err)
			}
		}
	})
	b.Run("impl=mmap-go", func(b *testing.B) {
		m := mapMmapGo(b, name)
		p := make([]byte, size)
		b.ReportAllocs()
		b.ResetTimer()
		for i, off := 0, int64(0); i < b.N; i, off = i+1, (off+offsetStep)&offsetMask {
			if n := copy(p, m[off:]); n != size {
				b.Fatal(n)
			}
		}
	})
	b.Run("impl=os-File", func(b *testing.B) {
		f, err := os.Open(name)
		closing(b, must(b, f, err))
		p := make([]byte, size)
		b.ReportAllocs()
		b.ResetTimer()
		for i, off := 0, int64(0); i < b.N; i, off = i+1, (off+offsetStep)&offsetMask {
			if n, err := f.ReadAt(p, off); n != size || err != nil {
				b.Fatal(n, err)
			}
		}
	})
}

func readGuarded(b *testing.B, d *mmapguard.FileData, p []byte, times int) {
	for i, off := 0, int64(0); i < times; i, off = i+1, (off+offsetStep)&offsetMask {
		if n, err := d.ReadAt(p, off); n != len(p) || err != nil {
			b.Error(n, err)
			return
		}
	}
}

// BenchmarkShared reads one handle from several goroutines. What one operation
// takes halves with two of them, unless they wait for each other or share a
// cache line that is written.
func BenchmarkShared(b *testing.B) {
	name := testFile(b, mib)
	for _, goroutines := range []int{1, 2} {
		b.Run(fmt.Sprintf("goroutines=%d", goroutines), func(b *testing.B) {
			d := closing(b, mapGuarded(b, name))
			b.ResetTimer()
			var done sync.WaitGroup
			for range goroutines {
				done.Go(func() { readGuarded(b, d, make([]byte, 8), b.N/goroutines) })
			}
			done.Wait()
		})
	}
}
