package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
)

// A row is what was found in one program.
type row struct {
	program
	version         string
	packages, sites int
	found           []report
	right, wrong    int
}

func (r *row) name() string { return r.module + " " + r.version }

// judge finds the verdict on each report.
func (r *row) judge(verdicts []*verdict) (problems []error) {
	for _, f := range r.found {
		v := find(verdicts, f)
		switch {
		case v == nil:
			problems = append(problems, fmt.Errorf("no verdict on %s at %s: %s", f.analyzer, f.place, f.message))
			continue
		case v.True:
			r.right++
		default:
			r.wrong++
		}
		v.used = true
		fmt.Printf("  %s, %v: %s\n", v.at(), v.True, v.Reason)
	}
	return problems
}

func find(verdicts []*verdict, f report) *verdict {
	for _, v := range verdicts {
		if v.Analyzer == f.analyzer && v.Place == f.place {
			return v
		}
	}
	return nil
}

// table is the table in Markdown.
func table(rows []row) string {
	var b strings.Builder
	b.WriteString("| program | maps by | packages | calls that map or take bytes | reports | right | wrong |\n|---|---|--:|--:|--:|--:|--:|\n")
	var sum row
	for _, r := range rows {
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d | %d |\n", r.name(), r.maps, r.packages, r.sites, len(r.found), r.right, r.wrong)
		sum.packages += r.packages
		sum.sites += r.sites
		sum.right += r.right
		sum.wrong += r.wrong
	}
	fmt.Fprintf(&b, "| all | | %d | %d | %d | %d | %d |\n", sum.packages, sum.sites, sum.right+sum.wrong, sum.right, sum.wrong)
	return b.String()
}

const (
	readme = "../README.md"
	begin  = "<!-- corpus: begin -->\n"
	end    = "<!-- corpus: end -->"
)

// publish compares the table in the README with this one, or replaces it.
func publish(table string, write bool) error {
	text, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	head, rest, ok := bytes.Cut(text, []byte(begin))
	old, tail, ok2 := bytes.Cut(rest, []byte(end))
	if !ok || !ok2 {
		return fmt.Errorf("%s has no place for the table", readme)
	}
	switch {
	case string(old) == table:
		return nil
	case !write:
		return errors.New("the table in guardvet's README.md is not this one; run just vet-corpus -write\n" + table)
	}
	text = append(append(append(append(bytes.Clone(head), begin...), table...), end...), tail...)
	return os.WriteFile(readme, text, 0o644) // #nosec G306 -- a source file
}
