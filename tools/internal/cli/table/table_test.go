package table

import (
	"strings"
	"testing"

	"github.com/jedib0t/go-pretty/v6/text"
)

var example = Table{
	Header: []string{"name", "remark", "cost"},
	Rows: [][]string{
		{"first", "a remark that is too long for one line of a narrow terminal", "1 ms"},
		{"second\n by hand", "", "20 ms"},
	},
	Flex:  1,
	Right: []int{2},
}

func render(t *testing.T, table Table, width int) string {
	t.Helper()
	var b strings.Builder
	if err := table.Render(&b, width); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWideTable(t *testing.T) {
	const want = `NAME      REMARK                                                        COST
first     a remark that is too long for one line of a narrow terminal   1 ms
second                                                                 20 ms
 by hand
`
	if got := render(t, example, 200); got != want {
		t.Errorf("table is\n%s\nwant\n%s", got, want)
	}
}

func TestNarrowTable(t *testing.T) {
	const want = `NAME      REMARK                            COST
first     a remark that is too long for     1 ms
          one line of a narrow terminal
second                                     20 ms
 by hand
`
	if got := render(t, example, 48); got != want {
		t.Errorf("table is\n%s\nwant\n%s", got, want)
	}
}

func TestWidthIsKept(t *testing.T) {
	coloured := example
	coloured.Rows = append([][]string{{"\x1b[31mred\x1b[0m", strings.Repeat("long", 50), "1 s"}}, example.Rows...)
	for _, width := range []int{45, 60, 80, 100} {
		for line := range strings.Lines(render(t, coloured, width)) {
			if n := text.StringWidthWithoutEscSequences(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("%d columns instead of %d: %q", n, width, line)
			}
		}
	}
	if got := render(t, example, 1); !strings.Contains(got, "a remark that is too") {
		t.Errorf("a table without any room wraps at every word:\n%s", got)
	}
}
