package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mmapguard/go/conformance/report"
)

// groups prints a line for each row, a column for each requirement, attack and
// trap: how many runs of its cases held, or what is worse than that.
func (p *printer) groups(m *report.Matrix) {
	var names []string
	cells := make([]map[string]*report.Cell, len(m.Platforms))
	for i := range cells {
		cells[i] = map[string]*report.Cell{}
	}
	for _, r := range m.Rows {
		name, _, _ := strings.Cut(r.ID, "/")
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		for i, c := range r.Cells {
			if cells[i][name] == nil {
				cells[i][name] = &report.Cell{}
			}
			cells[i][name].Join(c)
		}
	}
	p.line("\nruns that held; %s", legend)
	p.heads(names)
	for i, platform := range m.Platforms {
		line := fmt.Sprintf("%-22s", platform.Name)
		for _, name := range names {
			line += fmt.Sprintf(" %3s", short(*cells[i][name]))
		}
		p.line("%s", line)
	}
}

// heads prints the names in two lines, the kind only where it changes.
func (p *printer) heads(names []string) {
	kinds, numbers, last := fmt.Sprintf("%-22s", ""), fmt.Sprintf("%-22s", ""), ""
	for _, name := range names {
		kind, number, _ := strings.Cut(name, "-")
		if kind == last {
			kind = ""
		} else {
			last = kind
		}
		kinds += fmt.Sprintf(" %3.4s", kind)
		numbers += fmt.Sprintf(" %3s", number)
	}
	p.line("%s\n%s", kinds, numbers)
}

// short is the number of runs that held, unless there is worse to tell.
func short(c report.Cell) string {
	if c.Verdict == report.Held {
		return fmt.Sprint(c.Held)
	}
	return signs[c.Verdict]
}
