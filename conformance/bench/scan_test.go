//go:build unix

package bench

import (
	"encoding/binary"
	"testing"
	"time"

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

// BenchmarkScan reads a whole file that is mapped and in memory already, through
// a View and through a raw mapping by turns, and takes the fastest of each: a
// scan is bound by memory, and whatever else uses that only makes it slower. One
// operation is four scans of each.
func BenchmarkScan(b *testing.B) {
	size := *scanMiB * mib
	name := testFile(b, size)
	d := closing(b, mapGuarded(b, name))
	data, err := rawMap(name)
	must(b, data, err)
	defer func() { must(b, data, unix.Munmap(data)) }()

	want := sum(data)
	view := func() {
		var got uint64
		err := d.View(func(p []byte) error { got = sum(p); return nil })
		if err != nil || got != want {
			b.Fatal(err, got)
		}
	}
	raw := func() {
		if got := sum(data); got != want {
			b.Fatal(got)
		}
	}
	view() // touches the pages of its own mapping
	fastestView, fastestRaw := 1e9, 1e9
	b.ResetTimer()
	for range 4 * b.N {
		fastestView = min(fastestView, milliseconds(view))
		fastestRaw = min(fastestRaw, milliseconds(raw))
	}
	b.ReportMetric(fastestView, "view-ms/scan")
	b.ReportMetric(fastestRaw, "raw-ms/scan")
}

func milliseconds(do func()) float64 {
	start := time.Now()
	do()
	return time.Since(start).Seconds() * 1000
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
