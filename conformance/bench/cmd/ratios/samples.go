package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
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

// read adds the results that r holds in the format of go test -bench
// (golang.org/design/14313-benchmark-format): a name, the number of iterations,
// and pairs of values and units. golang.org/x/perf reads that too, but would
// decide the versions of half the workspace's dependencies.
func (s *samples) read(r io.Reader, name string) error {
	in := bufio.NewScanner(r)
	for line := 1; in.Scan(); line++ {
		if err := s.add(strings.Fields(in.Text())); err != nil {
			return fmt.Errorf("%s:%d: %w", name, line, err)
		}
	}
	if err := in.Err(); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

// add takes a line in. Lines that are no results are for human readers.
func (s *samples) add(fields []string) error {
	if len(fields) < 4 || len(fields)%2 != 0 || !strings.HasPrefix(fields[0], "Benchmark") || !isNumber(fields[1]) {
		return nil
	}
	name := strings.TrimPrefix(fields[0], "Benchmark")
	if i := strings.LastIndexByte(name, '-'); i >= 0 && isNumber(name[i+1:]) {
		name, s.procs = name[:i], name[i+1:]
	}
	for pair := range slices.Chunk(fields[2:], 2) {
		value, err := strconv.ParseFloat(pair[0], 64)
		if err != nil {
			return err
		}
		k := key{name, pair[1]}
		s.values[k] = append(s.values[k], value)
	}
	return nil
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
