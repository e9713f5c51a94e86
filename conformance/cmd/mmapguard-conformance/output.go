package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/mmapguard/go/conformance"
	"github.com/mmapguard/go/conformance/report"
)

// write writes the report in every form that was asked for. The table gives way
// to a document that goes to standard output.
func (c *command) write(r *report.Report, stdout io.Writer) error {
	err := errors.Join(to(c.json, stdout, r.WriteJSON), to(c.junit, stdout, r.WriteJUnit))
	if c.json != "-" && c.junit != "-" {
		err = errors.Join(err, r.WriteTable(stdout))
		_, newline := fmt.Fprintln(stdout)
		err = errors.Join(err, newline, r.WriteSummary(stdout))
	}
	return err
}

// to writes to a file, to standard output, or, with no name, nowhere.
func to(name string, stdout io.Writer, write func(io.Writer) error) error {
	switch name {
	case "":
		return nil
	case "-":
		return write(stdout)
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}

func list(w io.Writer) error { return conformance.WriteRegister(w) }

// merge puts reports side by side.
func merge(args []string, stdout, stderr io.Writer) int {
	asJSON := len(args) > 0 && args[0] == "--json"
	if asJSON {
		args = args[1:]
	}
	if len(args) == 0 {
		return failed(errors.New("merge: want the names of reports"), stderr)
	}
	var reports []*report.Report
	for _, name := range args {
		r, err := readReport(name)
		if err != nil {
			return failed(err, stderr)
		}
		reports = append(reports, r)
	}
	m := report.Merge(reports...)
	write := m.WriteText
	if asJSON {
		write = m.WriteJSON
	}
	if err := write(stdout); err != nil {
		return failed(err, stderr)
	}
	if len(m.Broken()) > 0 {
		return exitBroken
	}
	return exitHeld
}

func readReport(name string) (*report.Report, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	r, err := report.ReadJSON(f)
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return r, errors.Join(err, f.Close())
}
