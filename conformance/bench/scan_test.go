//go:build unix

package bench

import (
	"encoding/binary"
	"testing"

	"golang.org/x/sys/unix"
)

// sum adds up the 64-bit words: work enough to be a scan, little enough to be
// bound by memory.
//
//go:noinline
func sum(b []byte) (total uint64) {
	for len(b) >= 8 {
		total += binary.LittleEndian.Uint64(b)
		b = b[8:]
	}
	return total
}

// BenchmarkScan reads a whole file that is mapped and in memory already.
func BenchmarkScan(b *testing.B) {
	size := *scanMiB * mib
	name := testFile(b, size)
	b.Run("impl=mmapguard", func(b *testing.B) {
		d := closing(b, mapGuarded(b, name))
		var want, got uint64
		scan := func(p []byte) error { got = sum(p); return nil }
		must(b, d, d.View(scan))
		want = got
		b.SetBytes(int64(size))
		b.ResetTimer()
		for range b.N {
			if err := d.View(scan); err != nil || got != want {
				b.Fatal(err, got)
			}
		}
	})
	b.Run("impl=raw", func(b *testing.B) {
		data, err := rawMap(name)
		must(b, data, err)
		defer func() { must(b, data, unix.Munmap(data)) }()
		want := sum(data)
		b.SetBytes(int64(size))
		b.ResetTimer()
		for range b.N {
			if got := sum(data); got != want {
				b.Fatal(got)
			}
		}
	})
}

// BenchmarkView is a callback that reads a single byte.
func BenchmarkView(b *testing.B) {
	d := closing(b, mapGuarded(b, testFile(b, mib)))
	var last byte
	touch := func(p []byte) error { last = p[0]; return nil }
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if err := d.View(touch); err != nil {
			b.Fatal(err)
		}
	}
	_ = last
}
