package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/jedib0t/go-pretty/v6/text"
	"golang.org/x/term"
)

// plainWidth is how wide output is that goes to no terminal: nobody's window
// sets a bound, but logs and pages show about this much.
const plainWidth = 100

// writeJSON writes a value for another program, and for a person at a pinch.
func (s *session) writeJSON(v any) error {
	enc := json.NewEncoder(s.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// width is how many columns there are; COLUMNS has the last word.
func (s *session) width() int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	if f, ok := terminal(s.out); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	return plainWidth
}

// terminal is the file behind w if that is a terminal.
func terminal(w io.Writer) (*os.File, bool) {
	f, ok := w.(*os.File)
	return f, ok && term.IsTerminal(int(f.Fd()))
}

// paint gives text a colour where that is seen, unless NO_COLOR is set.
func (s *session) paint(c text.Color, words string) string {
	if _, ok := terminal(s.out); ok {
		return c.Sprint(words)
	}
	return words
}

// bytesText is a count of bytes, never negative, as people say it.
func bytesText(n int64) string {
	return strings.Replace(humanize.IBytes(uint64(n)), ".0 ", " ", 1) // #nosec G115 -- see above
}

// exactBytes adds the exact count where it says more.
func exactBytes(n int64) string {
	if n < humanize.KiByte {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%s (%s bytes)", bytesText(n), humanize.Comma(n))
}

// durationText keeps three digits: what is measured once is not more precise.
func durationText(d time.Duration) string {
	units := []struct {
		size time.Duration
		name string
	}{{time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}}
	for _, unit := range units {
		if d >= unit.size {
			value := float64(d) / float64(unit.size)
			return strconv.FormatFloat(value, 'f', digitsAfterPoint(value), 64) + " " + unit.name
		}
	}
	return strconv.FormatInt(int64(d), 10) + " ns"
}

// digitsAfterPoint makes three digits together with those before the point.
func digitsAfterPoint(value float64) int {
	switch {
	case value < 10:
		return 2
	case value < 100:
		return 1
	}
	return 0
}
