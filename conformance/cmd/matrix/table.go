package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/mmapguard/go/conformance/report"
)

// signs stand for the verdicts in the table.
var signs = map[string]string{
	report.Held: "✓", report.Broken: "✗", report.NotOffered: "–", report.Failed: "e", "": "·",
}

const legend = "✓ held   ✗ BROKEN   – not offered   e ended with an error, as the injected fault has it   · not run"

// write prints the rows, the table of cases, the same in short, all that was not
// held with the reason, and what was broken.
func (m *matrix) write(w io.Writer) error {
	p := &printer{w: w}
	var reports []*report.Report
	p.line("rows")
	for _, o := range m.Rows {
		number := "  "
		if o.Report != nil {
			reports = append(reports, o.Report)
			number = fmt.Sprintf("%2d", len(reports))
		}
		p.line("%s  %s", number, o.line())
		m.about(p, o)
	}
	merged := report.Merge(reports...)
	p.cases(merged)
	p.groups(merged)
	p.notHeld(reports)
	p.broken(merged)
	p.line("\n%d rows in %.0f s: %d run, %d FAILED, %d not run, %d cancelled", len(m.Rows), m.Seconds, len(reports),
		m.count(outcome.failed), m.count(outcome.missing), m.count(outcome.cancelled))
	return p.err
}

// about tells what kind of place a row was.
func (m *matrix) about(p *printer, o outcome) {
	if o.Report != nil {
		at := o.Report.Platform
		p.line("      %s/%s on %s, %s, pages of %d, %s", at.OS, at.Arch, at.FileSystem, at.Kernel, at.PageSize, at.Go)
	}
	if o.Note != "" {
		p.line("      %s", o.Note)
	}
}

// printer writes lines until one fails.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

// cases prints a line for each case, a column for each row.
func (p *printer) cases(m *report.Matrix) {
	width := 0
	for _, r := range m.Rows {
		width = max(width, len(r.ID))
	}
	var numbers strings.Builder
	for i := range m.Platforms {
		fmt.Fprintf(&numbers, " %2d", i+1)
	}
	p.line("\n%s", legend)
	last := ""
	for _, r := range m.Rows {
		if group, _, _ := strings.Cut(r.ID, "-"); group != last {
			last = group
			p.line("\n%-*s%s", width, "", numbers.String())
		}
		var cells strings.Builder
		for _, c := range r.Cells {
			fmt.Fprintf(&cells, "  %s", cmp.Or(signs[c.Verdict], "?"))
		}
		p.line("%-*s%s", width, r.ID, cells.String())
	}
}

// broken prints what was seen of the promises that were broken.
func (p *printer) broken(m *report.Matrix) {
	for _, r := range m.Broken() {
		p.line("\nBROKEN %s: %s", r.ID, r.Promise)
		for i, c := range r.Cells {
			if c.Verdict == report.Broken {
				p.line("  %s: %q", m.Platforms[i].Name, c.Details)
			}
		}
	}
}
