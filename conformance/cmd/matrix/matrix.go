package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/mmapguard/go/conformance/report"
)

// matrix is the outcome of all rows.
type matrix struct {
	Seconds float64   `json:"seconds"`
	Rows    []outcome `json:"rows"`
}

// outcome is that of one row: a report, or the reason why there is none.
type outcome struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
	Note    string  `json:"note,omitempty"`
	NotRun  string  `json:"notRun,omitempty"` // what this machine lacks
	Failed  string  `json:"failed,omitempty"` // what went wrong around the suite
	// Cancelled tells that the row was not run, or not to its end, because
	// somebody ended the matrix.
	Cancelled bool           `json:"cancelled,omitempty"`
	Report    *report.Report `json:"report,omitempty"`
}

// line tells of the row in one line.
func (o outcome) line() string {
	switch {
	case o.Cancelled:
		return fmt.Sprintf("%-22s cancelled", o.Name)
	case o.NotRun != "":
		return fmt.Sprintf("%-22s not run: %s", o.Name, o.NotRun)
	case o.Failed != "":
		return fmt.Sprintf("%-22s FAILED after %.1f s: %s", o.Name, o.Seconds, o.Failed)
	}
	text := fmt.Sprintf("%-22s %5.1f s  %3d held %2d BROKEN %3d not offered", o.Name, o.Seconds,
		o.Report.Count(report.Held), o.Report.Count(report.Broken), o.Report.Count(report.NotOffered))
	if n := o.Report.Count(report.Failed); n > 0 {
		text += fmt.Sprintf(" %3d errors", n)
	}
	return text
}

// count is the number of rows of which is says so.
func (m *matrix) count(is func(outcome) bool) int {
	n := 0
	for _, o := range m.Rows {
		if is(o) {
			n++
		}
	}
	return n
}

func (o outcome) failed() bool    { return o.Failed != "" }
func (o outcome) cancelled() bool { return o.Cancelled }
func (o outcome) missing() bool   { return o.NotRun != "" }

// bad tells whether a promise was broken, or a row that this machine can run
// was not judged.
func (m *matrix) bad() bool {
	return m.count(func(o outcome) bool {
		return o.Failed != "" || o.Report != nil && o.Report.Count(report.Broken) > 0
	}) > 0
}

// save writes everything to a file.
func (m *matrix) save(name string) error {
	f, err := os.Create(name) // #nosec G304 -- named on the command line
	if err != nil {
		return err
	}
	enc := json.NewEncoder(f)
	enc.SetIndent("", "  ")
	return errors.Join(enc.Encode(m), f.Close())
}
