package pages

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// mechanisms are those that the reports know of, in their order.
func (all *environments) mechanisms() (names []string) {
	for _, e := range all.run() {
		for _, o := range e.Report.Offers {
			if !slices.Contains(names, o.Mechanism) {
				names = append(names, o.Mechanism)
			}
		}
	}
	return names
}

// rungs tells which mechanisms there are in each environment.
func (s *Source) rungs(context.Context, []string) (string, error) {
	all, instead, err := s.environments()
	if all == nil {
		return instead, err
	}
	mechanisms := all.mechanisms()
	if len(mechanisms) == 0 {
		return "", errors.New(matrixFile + ": the reports know of no mechanisms")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| where | files are on | %s |\n|---|---|%s\n", strings.Join(mechanisms, " | "), strings.Repeat("---|", len(mechanisms)))
	for _, e := range all.run() {
		fmt.Fprintf(&b, "| %s | %s |", e.Name, e.Report.Platform.FileSystem)
		for _, m := range mechanisms {
			fmt.Fprintf(&b, " %s |", e.offered(m))
		}
		b.WriteString("\n")
	}
	return b.String(), nil
}

func (e environment) offered(mechanism string) string {
	for _, o := range e.Report.Offers {
		if o.Mechanism == mechanism && o.Offered {
			return "✓"
		}
	}
	return "–"
}

// folder is a path of the machine that the suite ran on.
var folder = regexp.MustCompile(`/(?:[\w.-]+/)+[\w.-]+`)

// reasons lists why mechanisms are not to be had, each reason once.
func (s *Source) reasons(context.Context, []string) (string, error) {
	all, instead, err := s.environments()
	if all == nil {
		return instead, err
	}
	var b strings.Builder
	b.WriteString("| mechanism | not to be had, because | where |\n|---|---|---|\n")
	for _, m := range all.mechanisms() {
		where := map[string][]string{}
		for _, e := range all.run() {
			for _, o := range e.Report.Offers {
				if o.Mechanism == m && !o.Offered {
					reason := folder.ReplaceAllString(o.Reason, "the directory")
					where[reason] = append(where[reason], e.Name)
				}
			}
		}
		for _, reason := range sorted(where) {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", m, cell(reason), strings.Join(where[reason], ", "))
		}
	}
	return b.String(), nil
}
