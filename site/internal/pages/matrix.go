package pages

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mmapguard/go/conformance/report"
)

// The file in which just matrix leaves all that it saw.
const (
	matrixFile = "matrix.json"
	matrixTask = "just matrix"
)

// environments is what that file holds, as far as the pages show it.
type environments struct {
	Rows []environment `json:"rows"`
}

// environment is a place that the suite was to be run in.
type environment struct {
	Name      string         `json:"name"`
	Note      string         `json:"note"`
	NotRun    string         `json:"notRun"`
	Failed    string         `json:"failed"`
	Cancelled bool           `json:"cancelled"`
	Report    *report.Report `json:"report"`
}

// environments reads the file. Without it, the second result is what a page
// says instead.
func (s *Source) environments() (*environments, string, error) {
	content, instead, err := s.data(matrixFile, matrixTask)
	if err != nil || instead != "" {
		return nil, instead, err
	}
	var all environments
	if err := json.Unmarshal(content, &all); err != nil {
		return nil, "", fmt.Errorf("%s: %w", matrixFile, err)
	}
	for _, e := range all.Rows {
		if e.Report != nil && e.Report.Schema != report.Schema {
			return nil, "", fmt.Errorf("%s: a report of schema %d, want %d: `%s` writes it again", matrixFile, e.Report.Schema, report.Schema, matrixTask)
		}
	}
	if len(all.run()) == 0 {
		return nil, "", fmt.Errorf("%s: no environment was run", matrixFile)
	}
	return &all, "", nil
}

// run are the environments that were run.
func (all *environments) run() []environment {
	return slices.DeleteFunc(slices.Clone(all.Rows), func(e environment) bool { return e.Report == nil })
}

// matrix tells what was kept in each environment, by requirement and attack.
func (s *Source) matrix(context.Context, []string) (string, error) {
	all, instead, err := s.environments()
	if all == nil {
		return instead, err
	}
	groups := all.groups()
	var b strings.Builder
	fmt.Fprintf(&b, "%d environments, %d of them run:\n\n", len(all.Rows), len(all.run()))
	b.WriteString("| where | system | kernel, pages | Go | held | broken | not offered | error, as the fault has it |\n|---|---|---|---|--:|--:|--:|--:|\n")
	for _, e := range all.run() {
		p := e.Report.Platform
		fmt.Fprintf(&b, "| %s | %s/%s on %s | %s, %s | %s | %d | %s | %d | %d |\n", e.Name, p.OS, p.Arch, p.FileSystem, p.Kernel, size(int64(p.PageSize)), p.Go,
			e.Report.Count(report.Held), loud(e.Report.Count(report.Broken)), e.Report.Count(report.NotOffered), e.Report.Count(report.Failed))
	}
	b.WriteString(all.notes())
	fmt.Fprintf(&b, "\nWhat was kept, by requirement, attack and trap. A number is that of promises held; – says that nothing of the kind is offered there.\n\n")
	fmt.Fprintf(&b, "| where | %s |\n|---|%s\n", strings.Join(groups, " | "), strings.Repeat("--:|", len(groups)))
	for _, e := range all.run() {
		fmt.Fprintf(&b, "| %s |", e.Name)
		for _, g := range groups {
			fmt.Fprintf(&b, " %s |", e.kept(g))
		}
		b.WriteString("\n")
	}
	return b.String(), nil
}

// loud is a number that nobody overlooks unless it is none.
func loud(n int) string {
	if n == 0 {
		return "0"
	}
	return fmt.Sprintf("**✗ %d**", n)
}

// groups are what the cases belong to, in the order of the reports. All traps
// are one.
func (all *environments) groups() (groups []string) {
	for _, e := range all.run() {
		for _, r := range e.Report.Results {
			if g := group(r.ID); !slices.Contains(groups, g) {
				groups = append(groups, g)
			}
		}
	}
	return groups
}

func group(id string) string {
	if strings.HasPrefix(id, "TRAP-") {
		return "traps"
	}
	g, _, _ := strings.Cut(id, "/")
	return g
}

// kept counts what was held of a group; what was broken is told before all else.
func (e environment) kept(g string) string {
	held, broken, failed := 0, 0, 0
	for _, r := range e.Report.Results {
		if group(r.ID) != g {
			continue
		}
		switch r.Verdict {
		case report.Held:
			held++
		case report.Broken:
			broken++
		case report.Failed:
			failed++
		}
	}
	switch {
	case broken > 0:
		return loud(broken)
	case failed > 0:
		return fmt.Sprintf("%d, %d errors", held, failed)
	case held == 0:
		return "–"
	}
	return fmt.Sprint(held)
}

// notes says what is special about some environments, and why others were not
// run.
func (all *environments) notes() string {
	var b strings.Builder
	for _, e := range all.Rows {
		why := e.NotRun
		if e.Cancelled {
			why = cmp.Or(why, "somebody ended it")
		}
		switch {
		case why != "":
			fmt.Fprintf(&b, "- %s was **not run**: %s\n", e.Name, cell(why))
		case e.Failed != "":
			fmt.Fprintf(&b, "- %s **failed** around the suite: %s\n", e.Name, cell(e.Failed))
		case e.Note != "":
			fmt.Fprintf(&b, "- %s: %s\n", e.Name, cell(e.Note))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n" + b.String()
}
