package report

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// Matrix is several reports side by side: a row for each case, a column for
// each platform.
type Matrix struct {
	Schema    int        `json:"schema"`
	Platforms []Platform `json:"platforms"`
	Rows      []Row      `json:"rows"`
}

// Row is a case on every platform.
type Row struct {
	ID      string `json:"id"`
	Promise string `json:"promise"`
	// Cells are in the order of the platforms.
	Cells []Cell `json:"cells"`
}

// Cell is a case on one platform: the worst verdict, and how many there were of
// each. A case that was not run there at all has none.
type Cell struct {
	Verdict    string   `json:"verdict,omitempty"`
	Held       int      `json:"held"`
	Broken     int      `json:"broken"`
	NotOffered int      `json:"notOffered"`
	Failed     int      `json:"failed,omitempty"`
	Details    []string `json:"details,omitempty"` // of what is broken or not offered
}

// Merge puts reports side by side, in the order given. Rows are those of the
// first report, then the ones that only others have.
func Merge(reports ...*Report) *Matrix {
	m := &Matrix{Schema: Schema}
	at := map[string]int{}
	for column, r := range reports {
		m.Platforms = append(m.Platforms, r.Platform)
		for _, result := range r.Results {
			i, known := at[result.ID]
			if !known {
				i = len(m.Rows)
				at[result.ID] = i
				m.Rows = append(m.Rows, Row{result.ID, result.Promise, make([]Cell, len(reports))})
			}
			m.Rows[i].Cells[column].add(result)
		}
	}
	return m
}

func (c *Cell) add(r Result) {
	switch r.Verdict {
	case Held:
		c.Held++
	case Broken:
		c.Broken++
	case Failed:
		c.Failed++
	default:
		c.NotOffered++
	}
	if r.Detail != "" {
		detail := r.Detail
		if r.Mechanism != "" {
			detail = r.Mechanism + ": " + detail
		}
		c.Details = append(c.Details, detail)
	}
	c.Verdict = c.worst()
}

// Join adds the runs of another cell.
func (c *Cell) Join(other Cell) {
	c.Held += other.Held
	c.Broken += other.Broken
	c.NotOffered += other.NotOffered
	c.Failed += other.Failed
	c.Details = append(c.Details, other.Details...)
	c.Verdict = c.worst()
}

func (c *Cell) worst() string {
	switch {
	case c.Broken > 0:
		return Broken
	case c.Failed > 0:
		return Failed
	case c.Held > 0:
		return Held
	case c.NotOffered > 0:
		return NotOffered
	}
	return ""
}

// Broken lists the rows that have a broken cell.
func (m *Matrix) Broken() []Row {
	return slices.DeleteFunc(slices.Clone(m.Rows), func(r Row) bool {
		return !slices.ContainsFunc(r.Cells, func(c Cell) bool { return c.Verdict == Broken })
	})
}

// WriteJSON writes the matrix as a document.
func (m *Matrix) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(m)
}

// WriteText writes the matrix as a table: the number of runs that held, "–"
// where the promise is not offered, a blank where the case was not run. Below
// it stands what was seen of the promises that were broken.
func (m *Matrix) WriteText(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i, p := range m.Platforms {
		fmt.Fprintf(tw, "%d: %s\n", i+1, p.Name)
	}
	fmt.Fprint(tw, "\ncase")
	for i := range m.Platforms {
		fmt.Fprintf(tw, "\t%d", i+1)
	}
	fmt.Fprintln(tw)
	for _, row := range m.Rows {
		fmt.Fprint(tw, row.ID)
		for _, c := range row.Cells {
			fmt.Fprint(tw, "\t", c.text())
		}
		fmt.Fprintln(tw)
	}
	m.writeBroken(tw)
	return tw.Flush()
}

func (c *Cell) text() string {
	switch c.Verdict {
	case Broken:
		return fmt.Sprintf("BROKEN %d of %d", c.Broken, c.Broken+c.Held)
	case Held:
		return fmt.Sprint(c.Held)
	case Failed:
		return "error"
	case NotOffered:
		return "–"
	}
	return ""
}

func (m *Matrix) writeBroken(w io.Writer) {
	for _, row := range m.Broken() {
		fmt.Fprintf(w, "\n%s: %s\n", row.ID, row.Promise)
		for i, c := range row.Cells {
			if c.Verdict == Broken {
				fmt.Fprintf(w, "  %s: %q\n", m.Platforms[i].Name, c.Details)
			}
		}
	}
}
