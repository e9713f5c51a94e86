package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// group is the part of an ID before the slash.
func group(id string) string {
	g, _, _ := strings.Cut(id, "/")
	return g
}

// WriteTable writes one line for each case, by requirement, attack and trap,
// and below every promise that was broken what was seen.
func (r *Report) WriteTable(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	last := ""
	for _, results := range byCase(r.Results) {
		results = r.withoutMissing(results)
		if g := group(results[0].ID); g != last {
			fmt.Fprintf(tw, "\n%s\n", g)
			last = g
		}
		writeCase(tw, results)
	}
	return tw.Flush()
}

// withoutMissing leaves out the mechanisms that are not to be had here at all,
// which the summary tells once, unless nothing else would be left.
func (r *Report) withoutMissing(results []Result) []Result {
	some := slices.DeleteFunc(slices.Clone(results), func(result Result) bool {
		return slices.ContainsFunc(r.Offers, func(o Offer) bool { return !o.Offered && o.Mechanism == result.Mechanism })
	})
	if len(some) == 0 {
		return results
	}
	return some
}

// byCase puts the results of one case together, in the order of their first.
func byCase(results []Result) [][]Result {
	var all [][]Result
	at := map[string]int{}
	for _, r := range results {
		i, known := at[r.ID]
		if !known {
			i = len(all)
			at[r.ID] = i
			all = append(all, nil)
		}
		all[i] = append(all[i], r)
	}
	return all
}

func writeCase(w io.Writer, results []Result) {
	_, name, _ := strings.Cut(results[0].ID, "/")
	fmt.Fprintf(w, "  %s\t%s\n", name, strings.Join(outcomes(results), "; "))
	for _, r := range results {
		if r.Verdict == Broken {
			fmt.Fprintf(w, "    promised: %s\n    seen%s: %s\n", r.Promise, with(r.Mechanism), r.Detail)
		}
	}
}

func with(mechanism string) string {
	if mechanism == "" {
		return ""
	}
	return " with " + mechanism
}

// outcomes tells each verdict once, with the mechanisms it is for, the worst
// first.
func outcomes(results []Result) []string {
	var lines []string
	for _, verdict := range []string{Broken, Held, NotOffered} {
		reasons := map[string][]string{}
		for _, r := range results {
			if r.Verdict == verdict {
				key := r.Detail
				if verdict == Broken {
					key = ""
				}
				reasons[key] = append(reasons[key], cmp.Or(r.Mechanism, ""))
			}
		}
		for _, reason := range sorted(reasons) {
			lines = append(lines, outcome(verdict, reasons[reason], reason))
		}
	}
	return lines
}

func outcome(verdict string, mechanisms []string, reason string) string {
	text := verdict
	if verdict == Broken {
		text = "BROKEN"
	}
	if list := strings.Join(mechanisms, ", "); list != "" {
		text += " (" + list + ")"
	}
	if reason != "" {
		text += ": " + reason
	}
	return text
}

func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
