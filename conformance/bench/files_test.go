package bench

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

const (
	kib = 1 << 10
	mib = 1 << 20
)

// The files can be kept between runs of the test binary: a gigabyte that was
// just written is still on its way to the disk while the next benchmark runs.
var (
	dataDir  = flag.String("data", "", "directory that keeps the files which are read (default: a temporary one)")
	scanMiB  = flag.Int("scan", 1024, "size in MiB of the file that is scanned")
	openMany = flag.Int("open", 50_000, "number of mappings that are open at once")
)

// testFile is a file of that many pseudo-random bytes, all in the page cache.
func testFile(b *testing.B, size int) string {
	b.Helper()
	dir := *dataDir
	if dir == "" {
		dir = b.TempDir()
	}
	name := filepath.Join(dir, "data-"+strconv.Itoa(size))
	if info, err := os.Stat(name); err != nil || info.Size() != int64(size) {
		writeFile(b, name, size)
	}
	return name
}

// manyFiles are n files of a page each.
func manyFiles(b *testing.B, n int) []string {
	b.Helper()
	dir := *dataDir
	if dir == "" {
		dir = b.TempDir()
	}
	dir = filepath.Join(dir, "many")
	must(b, dir, os.MkdirAll(dir, 0o700))
	names := make([]string, n)
	for i := range names {
		names[i] = filepath.Join(dir, strconv.Itoa(i))
		if _, err := os.Stat(names[i]); err != nil {
			writeFile(b, names[i], 4*kib)
		}
	}
	return names
}

// writeFile repeats a random block of a MiB: the readers cannot tell, and the
// generator does not become the longest part of the run.
func writeFile(b *testing.B, name string, size int) {
	b.Helper()
	block := make([]byte, min(size, mib))
	var seed [32]byte
	if _, err := rand.NewChaCha8(seed).Read(block); err != nil {
		b.Fatal(err)
	}
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	for left := size; left > 0; left -= len(block) {
		if _, err := f.Write(block[:min(left, len(block))]); err != nil {
			b.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}

// must ends the benchmark at an error of the set-up.
func must[T any](b *testing.B, v T, err error) T {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	return v
}

// closing closes c when the benchmark ends.
func closing[T interface{ Close() error }](b *testing.B, c T) T {
	b.Helper()
	b.Cleanup(func() {
		if err := c.Close(); err != nil {
			b.Error(err)
		}
	})
	return c
}
