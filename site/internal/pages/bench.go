package pages

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The file in which the task of measurements leaves the results.
const (
	benchFile = "bench.txt"
	benchTask = "just docs-data"
)

// series are results by benchmark and unit, one for each round.
type series map[string][]float64

// readSeries reads what go test -bench printed
// (https://go.dev/design/14313-benchmark-format).
func readSeries(content []byte) (series, error) {
	all := series{}
	lines := bufio.NewScanner(bytes.NewReader(content))
	for number := 1; lines.Scan(); number++ {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name := strings.TrimPrefix(fields[0], "Benchmark")
		if i := strings.LastIndexByte(name, '-'); i > 0 && strings.Trim(name[i+1:], "0123456789") == "" {
			name = name[:i] // the number of processors
		}
		for i := 2; i+1 < len(fields); i += 2 {
			value, err := strconv.ParseFloat(fields[i], 64)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", benchFile, number, err)
			}
			all[name+" "+fields[i+1]] = append(all[name+" "+fields[i+1]], value)
		}
	}
	return all, lines.Err()
}

// comparison is a plot: the same work by the library and by its peers.
type comparison struct{ prefix, title, text string }

const implementation = "impl="

var comparisons = []comparison{
	{"ReadAt/size=8/", "Reading 8 bytes", "`ReadAt` of 8 bytes at random places of a file that is in memory."},
	{"ReadAt/size=4096/", "Reading 4 KiB", "`ReadAt` of a page at random places of a file that is in memory."},
	{"OpenClose/", "Opening and closing", "Opening a file of 1 MiB, and closing it again. `os-ReadFile` reads it, which is all that it can do."},
}

// bar is one implementation in a plot: how many times as long as mmapguard it
// takes, in the same round.
type bar struct {
	name           string
	low, mid, high float64
	nanoseconds    float64
}

// bench plots the measurements beside those of other packages, and lists the
// goals with what became of them.
func (s *Source) bench(ctx context.Context, _ []string) (string, error) {
	content, instead, err := s.data(benchFile, benchTask)
	if err != nil || instead != "" {
		return instead, err
	}
	all, err := readSeries(content)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for i, c := range comparisons {
		bars, err := all.bars(c.prefix)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "## %s\n\n%s\n\n", c.title, c.text)
		b.WriteString(plot(fmt.Sprintf("plot-%d", i+1), c.title+", as a multiple of mmapguard's time", bars))
		b.WriteString("\n| by | median | times mmapguard's | from | to |\n|---|--:|--:|--:|--:|\n")
		for _, r := range bars {
			fmt.Fprintf(&b, "| %s | %s | %.2f | %.2f | %.2f |\n", r.name, duration(r.nanoseconds), r.mid, r.low, r.high)
		}
		b.WriteString("\n")
	}
	goals, err := s.goals(ctx)
	return b.String() + goals, err
}

// bars compares all implementations of a benchmark with the library's.
func (all series) bars(prefix string) ([]bar, error) {
	const unit = " ns/op"
	own := all[prefix+implementation+"mmapguard"+unit]
	if len(own) == 0 {
		return nil, fmt.Errorf("%s has no results of %s: `%s` measures it", benchFile, prefix, benchTask)
	}
	var bars []bar
	for _, key := range slices.Sorted(maps.Keys(all)) {
		name, ok := strings.CutPrefix(key, prefix+implementation)
		name, isTime := strings.CutSuffix(name, unit)
		if !ok || !isTime {
			continue
		}
		ratios := make([]float64, min(len(own), len(all[key])))
		for i := range ratios {
			ratios[i] = all[key][i] / own[i]
		}
		bars = append(bars, bar{name, slices.Min(ratios), median(ratios), slices.Max(ratios), median(all[key])})
	}
	slices.SortStableFunc(bars, func(a, b bar) int { return int((a.mid - b.mid) * 1000) })
	return bars, nil
}

// duration is a time in nanoseconds as people read it.
func duration(nanoseconds float64) string {
	if nanoseconds < 1000 {
		return fmt.Sprintf("%.3g ns", nanoseconds)
	}
	return round(time.Duration(nanoseconds)).String()
}

func median(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// goals is the table of goals that the measuring command prints of the results.
func (s *Source) goals(ctx context.Context) (string, error) {
	program, err := s.built(ctx, "ratios")
	if err != nil {
		return "", err
	}
	file, err := filepath.Abs(s.file(benchFile))
	if err != nil {
		return "", err
	}
	printed, err := s.command(ctx, program, file)
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 1 {
		err = nil // a goal failed, which the table tells
	}
	if err != nil {
		return "", err
	}
	_, table, found := strings.Cut(printed, "\ngoal ")
	if !found {
		return "", errors.New("the measuring command prints no goals any more")
	}
	made, err := columns("goal " + table)
	return "## Goals\n\nA goal that was missed is told as it is.\n\n" + made, err
}

// columns makes a table of text whose columns stand two or more spaces apart.
func columns(text string) (string, error) {
	var b strings.Builder
	width := 0
	for line := range strings.Lines(text) {
		cells := split(line)
		if len(cells) == 0 {
			break
		}
		if width == 0 {
			width = len(cells)
		}
		if len(cells) > width {
			return "", fmt.Errorf("a line of %d columns below a header of %d: %q", len(cells), width, line)
		}
		cells = append(cells, make([]string, width-len(cells))...)
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
		if strings.Count(b.String(), "\n") == 1 {
			fmt.Fprintf(&b, "|%s\n", strings.Repeat("---|", width))
		}
	}
	return b.String(), nil
}

func split(line string) (cells []string) {
	for part := range strings.SplitSeq(strings.TrimSpace(line), "  ") {
		if part = strings.TrimSpace(part); part != "" {
			cells = append(cells, cell(part))
		}
	}
	return cells
}
