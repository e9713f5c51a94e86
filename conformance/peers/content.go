package peers

import (
	"fmt"
	"strings"
)

// content is a right answer to a read.
type content struct {
	name string
	bytesSeen
}

func contentOf(name string, b []byte) content { return content{name, *look(b)} }

// lengthOnly is the content of a file too large to be looked at.
func lengthOnly(name string, n int64) content {
	return content{name, bytesSeen{Len: n}}
}

// is compares as much as both sides know.
func (c content) is(saw *bytesSeen) bool {
	return c.Len == saw.Len && (c.Sum == "" || saw.Sum == "" || c.Sum == saw.Sum)
}

// judge says in words what bytes were seen, and whether they were right.
func (s *stage) judge(saw *bytesSeen) (right bool, words string) {
	for _, c := range s.right {
		if c.is(saw) {
			return true, c.name
		}
	}
	whole := s.right[0].Len
	if saw.Len != whole && len(s.right) == 1 {
		return false, fmt.Sprintf("%d of %d bytes, and no error", saw.Len, whole)
	}
	return false, "wrong bytes: " + s.whose(saw.Values)
}

// whose names the owners of the values that were seen.
func (s *stage) whose(values []int) string {
	var names []string
	for _, v := range values {
		name, known := s.owners[v]
		if !known {
			name = fmt.Sprintf("%#02x of unknown origin", v)
		}
		names = append(names, name)
	}
	return strings.Join(names, " mixed with ")
}
