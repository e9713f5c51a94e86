package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// key names a series of measurements: a benchmark, without the number of
// processors, and a unit.
type key struct{ benchmark, unit string }

func nanoseconds(benchmark string) key { return key{benchmark, "ns/op"} }

// samples are the measurements of all rounds.
type samples struct {
	values map[key][]float64
	// procs is the number of processors that the benchmarks ran on.
	procs string
}

func newSamples() *samples { return &samples{values: map[key][]float64{}, procs: "1"} }

// read adds the results that r holds in the format of go test -bench.
func (s *samples) read(r io.Reader, name string) error {
	in := benchfmt.NewReader(r, name)
	for in.Scan() {
		switch record := in.Result().(type) {
		case *benchfmt.Result:
			s.add(record)
		case *benchfmt.SyntaxError:
			return record
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

// add takes a line of results in. Units are those that were printed: the reader
// turns nanoseconds into seconds.
func (s *samples) add(r *benchfmt.Result) {
	name := string(r.Name.Full())
	if i := strings.LastIndexByte(name, '-'); i >= 0 && isNumber(name[i+1:]) {
		name, s.procs = name[:i], name[i+1:]
	}
	for _, v := range r.Values {
		k, value := key{name, v.Unit}, v.Value
		if v.OrigUnit != "" {
			k.unit, value = v.OrigUnit, v.OrigValue
		}
		s.values[k] = append(s.values[k], value)
	}
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// median is the middle of a series: a round that was disturbed does not move
// it. False means that there are no measurements.
func (s *samples) median(k key) (float64, bool) { return median(s.values[k]) }

// ratio is the median of the ratios of two series, round by round: what slows
// the machine for longer than a round is in both of its measurements.
func (s *samples) ratio(over, under key) float64 {
	o, u := s.values[over], s.values[under]
	ratios := make([]float64, min(len(o), len(u)))
	for i := range ratios {
		ratios[i] = o[i] / u[i]
	}
	m, _ := median(ratios)
	return m
}

func median(values []float64) (float64, bool) {
	v := slices.Sorted(slices.Values(values))
	n := len(v)
	if n == 0 {
		return 0, false
	}
	return (v[(n-1)/2] + v[n/2]) / 2, true
}
