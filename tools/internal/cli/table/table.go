// Package table prints tables that fit a terminal.
package table

import (
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// minFlex is how narrow the flexible column may get; a terminal that is
// narrower still wraps the lines by itself.
const minFlex = 24

const gap = 2

// Table is some rows under a header. One column, Flex, takes what width is left
// and wraps its text; the others are as wide as their longest cell.
type Table struct {
	Header []string
	Rows   [][]string
	Flex   int
	// Right lists the columns that are aligned to the right.
	Right []int
}

// Render writes the table, at most width columns wide if that can be.
func (t Table) Render(w io.Writer, width int) error {
	out := table.NewWriter()
	out.SetStyle(style())
	out.AppendHeader(row(t.Header))
	for _, r := range t.Rows {
		out.AppendRow(row(r))
	}
	out.SetColumnConfigs(t.columns(width))
	_, err := io.WriteString(w, trimLines(out.Render()))
	return err
}

func (t Table) columns(width int) []table.ColumnConfig {
	configs := []table.ColumnConfig{{
		Number:           t.Flex + 1,
		WidthMax:         max(width-t.fixedWidth(), minFlex),
		WidthMaxEnforcer: text.WrapSoft,
	}}
	for _, i := range t.Right {
		configs = append(configs, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight})
	}
	return configs
}

// fixedWidth is what the other columns and the gaps take.
func (t Table) fixedWidth() int {
	sum := 0
	for i := range t.Header {
		if i != t.Flex {
			sum += t.widthOf(i) + gap
		}
	}
	return sum
}

func (t Table) widthOf(column int) int {
	width := text.StringWidthWithoutEscSequences(t.Header[column])
	for _, r := range t.Rows {
		width = max(width, text.LongestLineLen(r[column]))
	}
	return width
}

// style has no lines but space between the columns.
func style() table.Style {
	s := table.StyleDefault
	s.Options = table.OptionsNoBordersAndSeparators
	s.Box.PaddingLeft = ""
	s.Box.PaddingRight = strings.Repeat(" ", gap)
	s.Format.Header = text.FormatUpper
	return s
}

func row(cells []string) table.Row {
	r := make(table.Row, len(cells))
	for i, c := range cells {
		r[i] = c
	}
	return r
}

// trimLines drops the space with which the last column was filled up.
func trimLines(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s + "\n") {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	return b.String()
}
