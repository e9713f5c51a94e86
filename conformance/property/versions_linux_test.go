package property

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// word is the unit in which versions are told apart: every aligned 8 bytes of a
// file hold the number of the version that they belong to.
const word = 8

// version is size bytes of version v.
func version(size int, v uint64) []byte {
	b := make([]byte, size)
	setVersion(b, v)
	return b
}

// setVersion fills memory with version v, in ascending order, whole words at a
// time: a mapped writer's stores are seen in this order.
func setVersion(b []byte, v uint64) {
	for i := 0; i+word <= len(b); i += word {
		binary.NativeEndian.PutUint64(b[i:], v)
	}
}

func wordAt(b []byte, i int) uint64 { return binary.NativeEndian.Uint64(b[i:]) }

// newFile makes a file of version v.
func newFile(t *testing.T, size int, v uint64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, version(size, v), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// verdict is what a snapshot turned out to be.
type verdict int

const (
	// whole: entirely one version.
	whole verdict = iota
	// moment: what a writer who stores word after word had left at one moment.
	moment
	// torn: what was in the file at no moment.
	torn
)

// judge says what a snapshot is, and in a few words what it consists of.
type judge func(b []byte, size int) (verdict, string)

// oneVersion wants the whole file, of one version.
func oneVersion(b []byte, size int) (verdict, string) {
	if len(b) != size || !uniform(b) {
		return torn, runs(b)
	}
	return whole, fmt.Sprint(wordAt(b, 0))
}

// uniform tells whether all words are the same: then each byte equals the one
// a word further.
func uniform(b []byte) bool { return bytes.Equal(b[word:], b[:len(b)-word]) }

// ascending allows, besides, the moments of a writer who stores version after
// version from the first word to the last: v up to a point, v-1 from there.
func ascending(b []byte, size int) (verdict, string) {
	if v, what := oneVersion(b, size); v == whole || len(b) != size {
		return v, what
	}
	newer, older := wordAt(b, 0), wordAt(b, len(b)-word)
	at := 0
	for wordAt(b, at) == newer {
		at += word
	}
	if newer != older+1 || !uniform(b[at:]) {
		return torn, runs(b)
	}
	return moment, fmt.Sprintf("%d|%d", newer, older)
}

// grown wants whole chunks, each with its own number.
func grown(b []byte, size int) (verdict, string) {
	chunk := appendChunk(size)
	if len(b)%chunk != 0 || len(b) == 0 {
		return torn, runs(b)
	}
	for i := 0; i < len(b); i += chunk {
		if wordAt(b, i) != uint64(i/chunk+1) || !uniform(b[i:i+chunk]) {
			return torn, runs(b)
		}
	}
	return whole, fmt.Sprint(len(b) / chunk)
}

// resized wants one of the three states that the resizing writer goes through:
// all of a version, its first half, its first half before zeros.
func resized(b []byte, size int) (verdict, string) {
	half := size / 2
	switch {
	case len(b) < half || !uniform(b[:half]) || wordAt(b, 0) == 0:
		return torn, runs(b)
	case len(b) == half:
		return whole, "half"
	case len(b) == size && uniform(b[half:]) && (wordAt(b, half) == 0 || wordAt(b, half) == wordAt(b, 0)):
		return whole, fmt.Sprintf("%d|%d", wordAt(b, 0), wordAt(b, half))
	}
	return torn, runs(b)
}

// runs describes a snapshot by its first few runs of equal words.
func runs(b []byte) string {
	s := fmt.Sprintf("%d bytes:", len(b))
	shown, last := 0, uint64(0)
	for i := 0; i+word <= len(b) && shown < 8; i += word {
		if v := wordAt(b, i); i == 0 || v != last {
			s += fmt.Sprintf(" %d@%#x", v, i)
			last = v
			shown++
		}
	}
	return s
}

// The judges are what every verdict rests on: they must tell good from bad.
func TestJudges(t *testing.T) {
	const size = 1 << 12
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	tests := []struct {
		name string
		judge
		b    []byte
		want verdict
	}{
		{"one version", oneVersion, version(size, 7), whole},
		{"two versions", oneVersion, join(version(size-word, 7), version(word, 8)), torn},
		{"short", oneVersion, version(size/2, 7), torn},
		{"ascending, one version", ascending, version(size, 7), whole},
		{"ascending, newer first", ascending, join(version(size/4, 8), version(size/4*3, 7)), moment},
		{"ascending, older first", ascending, join(version(size/4, 7), version(size/4*3, 8)), torn},
		{"ascending, a gap of versions", ascending, join(version(size/2, 9), version(size/2, 7)), torn},
		{"ascending, three runs", ascending, join(version(size/4, 8), version(size/2, 7), version(size/4, 8)), torn},
		{"ascending, short", ascending, version(size/2, 7), torn},
		{"grown, two chunks", grown, join(version(size/8, 1), version(size/8, 2)), whole},
		{"grown, a chunk and a bit", grown, join(version(size/8, 1), version(word, 2)), torn},
		{"grown, a chunk of zeros", grown, join(version(size/8, 1), version(size/8, 0)), torn},
		{"resized, half", resized, version(size/2, 7), whole},
		{"resized, with zeros", resized, join(version(size/2, 7), version(size/2, 0)), whole},
		{"resized, all zeros", resized, version(size, 0), torn},
		{"resized, two versions", resized, join(version(size/2, 8), version(size/2, 7)), torn},
		{"resized, zeros within", resized, join(version(size/4*3, 7), version(size/4, 0)), torn},
	}
	for _, test := range tests {
		if got, what := test.judge(test.b, size); got != test.want {
			t.Errorf("%s: verdict %d (%s), want %d", test.name, got, what, test.want)
		}
	}
}
