package demo

import (
	"encoding/binary"
	"os"
)

const wordSize = 8

// word is the content of the file's eight bytes with the given number. The factor
// (2^64 divided by the golden ratio) makes them all different, and none but the
// first zero, as bytes beyond the end of a file can be.
func word(i int64) uint64 { return uint64(i) * 0x9E3779B97F4A7C15 } // #nosec G115 -- never negative

// intact is how many bytes of b, in whole words from its start, are those that
// belong at the given offset.
func intact(b []byte, off int64) int64 {
	n := int64(0)
	for ; len(b) >= wordSize; b = b[wordSize:] {
		if binary.BigEndian.Uint64(b) != word((off+n)/wordSize) {
			break
		}
		n += wordSize
	}
	return n
}

// makeFile writes the whole file.
func makeFile(name string) error {
	b := make([]byte, 0, FileSize)
	for i := range int64(FileSize / wordSize) {
		b = binary.BigEndian.AppendUint64(b, word(i))
	}
	return os.WriteFile(name, b, 0o600)
}
