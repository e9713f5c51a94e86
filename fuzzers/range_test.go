package fuzzers

import (
	"math"
	"testing"

	"github.com/mmapguard/go/fuzzers/internal/ranges"
)

// FuzzRange tries offsets and lengths of any size.
func FuzzRange(f *testing.F) {
	f.Add(byte(4), int64(4097), int64(60000), int64(100), int64(5000), int64(-1), byte(2))
	f.Add(byte(2), int64(math.MaxInt64), int64(1), int64(0), int64(0), int64(0), byte(0))
	f.Add(byte(3), int64(0), int64(4097), int64(math.MinInt64), int64(math.MaxInt64), int64(math.MaxInt64), byte(1))
	files, err := ranges.New(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, file byte, off, n, at, of, seek int64, whence byte) {
		q := ranges.Query{File: file, Off: off, N: n, At: at, Of: of, Seek: seek, Whence: whence}
		if err := files.Check(q); err != nil {
			t.Fatal(err)
		}
	})
}
