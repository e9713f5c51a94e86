package main

import (
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"text/tabwriter"
	"time"
)

// row is one environment for the suite.
type row struct {
	name string
	target
	// command and offer name what has to be in `lab list`; none is needed if
	// command is empty.
	command, offer string
	// start turns the suite's binary and flags into a command line.
	start func(t *tools, r row, binary string, flags []string) []string
	// flags are for the suite.
	flags []string
	// excluded are cases that mean nothing there, with the reason.
	excluded map[string]string
	// faulty means that the environment itself fails, so that a case that ends
	// with an error has seen what it should.
	faulty bool
	// timeout is for the whole row.
	timeout time.Duration
	// note says what is special here, and why.
	note string
}

// allFlags are those for the suite, with those that exclude.
func (r row) allFlags() []string {
	flags := slices.Clone(r.flags)
	for _, id := range slices.Sorted(maps.Keys(r.excluded)) {
		flags = append(flags, "--exclude", id+": "+r.excluded[id])
	}
	return flags
}

// target is what the suite is built for. An empty toolchain is the local one.
type target struct{ goos, goarch, toolchain string }

// choose returns the rows whose names match; nil matches all.
func choose(chosen *regexp.Regexp) []row {
	return slices.DeleteFunc(rows(), func(r row) bool {
		return chosen != nil && !chosen.MatchString(r.name)
	})
}

// rows is the whole matrix. Machines come first: they take longest.
func rows() []row {
	return slices.Concat(machines(), emulated(), windows(), fileSystems(), fuses(), processors(), releases())
}

func writeRows(w io.Writer, list []row) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range list {
		fmt.Fprintf(tw, "%s\t%s/%s\t%s\t%s\n", r.name, r.goos, r.goarch, r.toolchain, r.note)
	}
	return tw.Flush()
}
