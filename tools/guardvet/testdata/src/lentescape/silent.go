package lentescape

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"

	"github.com/mmapguard/go/mmapguard"
)

// copies hand out bytes of their own.
func copies(d *mmapguard.FileData, m map[string][]byte, ch chan []byte) (out []byte, text string, words []string) {
	_ = d.View(func(b []byte) error {
		out = bytes.Clone(b)
		out = slices.Clone(b[1:])
		out = append(out, b...)
		out = append([]byte(nil), b...)
		out = append(b[:0:0], b...)
		text = string(b)
		words = strings.Fields(string(b))
		m[string(b)] = []byte(string(b))
		ch <- bytes.Clone(b)
		copy(out, b)
		return fmt.Errorf("line %q", b)
	})
	return out, text, words
}

// values are copied out by the language.
func values(d *mmapguard.FileData) (n uint32, c byte, sum [32]byte, head [4]byte) {
	var i index
	_ = d.View(func(b []byte) error {
		n = binary.BigEndian.Uint32(b)
		c = b[0]
		sum = sha256.Sum256(b)
		head = [4]byte(b)
		i.size = len(b)
		return nil
	})
	return n, c, sum, head
}

// inside stays in the callback.
func inside(d *mmapguard.FileData, w io.Writer) error {
	total := 0
	return d.View(func(b []byte) error {
		lines := bytes.Split(b, []byte("\n"))
		sort.Slice(lines, func(i, j int) bool { return bytes.Compare(lines[i], lines[j]) < 0 })
		longest := index{}
		byName := map[string]*index{}
		for _, line := range lines {
			if len(line) > len(longest.name) {
				longest.name = line
			}
			byName[string(line)] = &index{name: line}
			total += len(line)
		}
		pick := func(n int) []byte { return lines[n] }
		s := bufio.NewScanner(bytes.NewReader(pick(0)))
		for s.Scan() {
			total += len(s.Bytes())
		}
		_, err := w.Write(longest.name)
		return err
	})
}

// fields that hold nothing lent may leave what holds something.
func apart(d *mmapguard.FileData) (size int, other []byte) {
	_ = d.View(func(b []byte) error {
		i := index{name: b, size: 3, names: [][]byte{{1}}}
		size = i.size
		other = i.names[0]
		return nil
	})
	return size, other
}

// decoded is what a function of another package returns.
func decoded(d *mmapguard.FileData) (v map[string]any, err error) {
	err = d.View(func(b []byte) error { return json.Unmarshal(b, &v) })
	return v, err
}

// own is not lent: the same names, other bytes.
func own(d *mmapguard.FileData) (out []byte) {
	buf := make([]byte, 8)
	_ = d.View(func(b []byte) error {
		b = buf
		out = b
		return nil
	})
	return out
}

func length(b []byte) int { return len(b) }

func helped(d *mmapguard.FileData) (n int) {
	_ = d.View(func(b []byte) error {
		var x index
		x.set(b)
		n = length(first(x.name))
		return nil
	})
	return n
}

type viewer struct{}

// View is somebody else's, and lends nothing.
func (viewer) View(fn func(b []byte) error) error { return fn(nil) }

func other(v viewer) (out []byte) {
	_ = v.View(func(b []byte) error {
		out = b
		return nil
	})
	return out
}
