package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	"github.com/mmapguard/go/conformance/report"
)

// merge puts the reports of other machines side by side.
func merge(args []string, stdout *os.File) (int, error) {
	flags := flag.NewFlagSet("matrix merge", flag.ContinueOnError)
	file := flags.String("json", "", "write everything as JSON to a `file`")
	if err := flags.Parse(args); err != nil {
		return exitUnable, err
	}
	if flags.NArg() == 0 {
		return exitUnable, errors.New("usage: matrix merge [--json FILE] REPORT…")
	}
	m := &matrix{}
	for _, name := range flags.Args() {
		r, err := read(name)
		if err != nil {
			return exitUnable, err
		}
		m.Rows = append(m.Rows, outcome{Name: r.Platform.Name, Seconds: r.Seconds, Report: r})
		m.Seconds += r.Seconds
	}
	return conclude(m, *file, stdout)
}

func read(name string) (*report.Report, error) {
	f, err := os.Open(name) // #nosec G304 -- named on the command line
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read
	r, err := report.ReadJSON(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}
