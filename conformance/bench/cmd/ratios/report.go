package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// report tells the medians and then the goals, and the number of those that
// failed.
func report(s *samples) (text string, failed int) {
	var out strings.Builder
	t := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	reportMedians(t, s)
	fmt.Fprintf(t, "\ngoal\tmeasured\tlimit\tverdict\tfigures\n")
	for _, g := range goals {
		o := g.judge(s)
		if o.failed {
			failed++
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", g.what, g.measured(o), g.bound(), o.verdict(), g.figures(o)+g.short(o))
	}
	_ = t.Flush() // into memory, which does not fail
	return out.String(), failed
}

func reportMedians(t *tabwriter.Writer, s *samples) {
	fmt.Fprintf(t, "benchmark\tmedian\tunit\tsamples\n")
	byName := func(a, b key) int {
		return strings.Compare(a.benchmark+" "+a.unit, b.benchmark+" "+b.unit)
	}
	for _, k := range slices.SortedFunc(maps.Keys(s.values), byName) {
		m, _ := s.median(k)
		fmt.Fprintf(t, "%s\t%.4g\t%s\t%d\n", k.benchmark, m, k.unit, len(s.values[k]))
	}
}

func (g goal) measured(o outcome) string {
	if !o.measured {
		return "–"
	}
	return fmt.Sprintf("%.3g%s", o.value, g.unit)
}

func (g goal) bound() string {
	if g.atLeast {
		return fmt.Sprintf("≥ %.4g%s", g.limit, g.unit)
	}
	return fmt.Sprintf("≤ %.4g%s", g.limit, g.unit)
}

func (o outcome) verdict() string {
	switch {
	case !o.measured && o.failed:
		return "NO RESULT"
	case !o.measured:
		return "skipped: one processor"
	case o.failed:
		return "FAILED"
	case o.met:
		return "met"
	}
	return "missed"
}

// figures are the medians that a ratio was made of.
func (g goal) figures(o outcome) string {
	if !o.measured || g.under == (key{}) {
		return ""
	}
	return fmt.Sprintf("%.4g / %.4g %s", o.over, o.under, g.over.unit)
}

// short says that the goal's scale was not reached.
func (g goal) short(o outcome) string {
	if o.reached >= g.full {
		return ""
	}
	return fmt.Sprintf(", with %.0f open: the limit of descriptors keeps it from %.0f", o.reached, g.full)
}
