//go:build unix

package bench

import (
	"fmt"
	"testing"

	"golang.org/x/sys/unix"
)

// rawMap is what a program does that knows no library: open, fstat, mmap,
// close.
func rawMap(name string) ([]byte, error) {
	fd, err := unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	data, err := rawMapOpen(fd)
	if closeErr := unix.Close(fd); err == nil && closeErr != nil {
		err = fmt.Errorf("close %s: %w", name, closeErr)
	}
	return data, err
}

func rawMapOpen(fd int) ([]byte, error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, fmt.Errorf("fstat: %w", err)
	}
	return unix.Mmap(fd, 0, int(st.Size), unix.PROT_READ, unix.MAP_SHARED)
}

func BenchmarkReadAtRaw(b *testing.B) {
	for _, size := range []int{8, 4 * kib} {
		b.Run(fmt.Sprintf("size=%d/impl=pread", size), func(b *testing.B) { pread(b, testFile(b, mib), size) })
	}
}

func pread(b *testing.B, name string, size int) {
	fd, err := unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	must(b, fd, err)
	defer func() { must(b, fd, unix.Close(fd)) }()
	p := make([]byte, size)
	b.ResetTimer()
	for i, off := 0, int64(0); i < b.N; i, off = i+1, (off+offsetStep)&offsetMask {
		if n, err := unix.Pread(fd, p, off); n != size || err != nil {
			b.Fatal(n, err)
		}
	}
}
