//go:build unix

package bench

import (
	"errors"
	"io"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	expmmap "golang.org/x/exp/mmap"
	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

// BenchmarkHeap measures the live heap that an open mapping costs.
func BenchmarkHeap(b *testing.B) {
	n := descriptors(b, 10_000)
	names := manyFiles(b, n)
	b.Run("impl=mmapguard", func(b *testing.B) { heapOf(b, names, openGuarded) })
	b.Run("impl=exp-mmap", func(b *testing.B) { heapOf(b, names, openExp) })
}

// heapOf holds so many mappings that what the process itself allocates
// meanwhile is below a byte each.
func heapOf(b *testing.B, names []string, open opener) {
	var bytes uint64
	for range b.N {
		held := make([]io.Closer, 0, len(names))
		before := liveHeap()
		for _, name := range names {
			c, err := open(name)
			held = append(held, must(b, c, err))
		}
		bytes += liveHeap() - before
		closeAll(b, held)
	}
	b.ReportMetric(float64(bytes)/float64(len(names))/float64(b.N), "heap-B/mapping")
}

func liveHeap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkOpenMany opens many mappings and keeps them, and compares opening the
// later ones with the first thousand, when everything is still small. Of one
// file the kernel keeps its locks in a list that each new one walks: flock
// shows what a lock by itself costs then.
func BenchmarkOpenMany(b *testing.B) {
	n := descriptors(b, *openMany) / thousand * thousand
	names := manyFiles(b, n)
	b.Run("files=many/impl=mmapguard", func(b *testing.B) { openAndKeep(b, names, openGuarded) })
	b.Run("files=many/impl=exp-mmap", func(b *testing.B) { openAndKeep(b, names, openExp) })
	one := slices.Repeat(names[:1], min(n, 10*thousand))
	b.Run("files=one/impl=mmapguard", func(b *testing.B) { openAndKeep(b, one, openGuarded) })
	b.Run("files=one/impl=exp-mmap", func(b *testing.B) { openAndKeep(b, one, openExp) })
	b.Run("files=one/impl=flock", func(b *testing.B) { openAndKeep(b, one, openFlock) })
}

const thousand = 1000

func openAndKeep(b *testing.B, names []string, open opener) {
	times := make([]time.Duration, len(names)/thousand) // the sums over all runs
	for range b.N {
		held := make([]io.Closer, 0, len(names))
		for i := range times {
			start := time.Now()
			for _, name := range names[i*thousand : (i+1)*thousand] {
				c, err := open(name)
				held = append(held, must(b, c, err))
			}
			times[i] += time.Since(start)
		}
		closeAll(b, held)
	}
	b.ReportMetric(float64(len(names)), "open-mappings")
	b.ReportMetric(micro(times[:1], b.N), "first-µs/open")
	b.ReportMetric(micro(times[1:], b.N), "later-µs/open")
	b.ReportMetric(micro(times[len(times)-1:], b.N), "last-µs/open")
}

// micro is the microseconds of one opening, from the times of thousands of them.
func micro(times []time.Duration, runs int) float64 {
	var total time.Duration
	for _, t := range times {
		total += t
	}
	return float64(total.Nanoseconds()) / 1000 / float64(len(times)*thousand*runs)
}

// descriptors raises the limit of open files as far as allowed, and returns
// how many of n mappings, with a descriptor each, then fit.
func descriptors(b *testing.B, n int) int {
	b.Helper()
	const others = 100
	want := uint64(n + others) // #nosec G115 -- not negative
	var limit unix.Rlimit
	must(b, n, unix.Getrlimit(unix.RLIMIT_NOFILE, &limit))
	if limit.Cur < want {
		raised := unix.Rlimit{Cur: want, Max: max(want, limit.Max)}
		if unix.Setrlimit(unix.RLIMIT_NOFILE, &raised) != nil {
			raised = unix.Rlimit{Cur: limit.Max, Max: limit.Max}
			must(b, n, unix.Setrlimit(unix.RLIMIT_NOFILE, &raised))
		}
		limit = raised
	}
	return int(min(want, limit.Cur)) - others // #nosec G115 -- at most n
}

// opener opens one more mapping.
type opener func(name string) (io.Closer, error)

func openGuarded(name string) (io.Closer, error) { return mmapguard.MapFile(name) }

func openExp(name string) (io.Closer, error) { return expmmap.Open(name) }

// openFlock opens and locks a file, and maps nothing.
func openFlock(name string) (io.Closer, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func closeAll(b *testing.B, held []io.Closer) {
	b.Helper()
	for _, c := range held {
		if err := c.Close(); err != nil {
			b.Error(err)
		}
	}
}
