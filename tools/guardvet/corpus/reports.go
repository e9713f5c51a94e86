package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
)

// A report is one diagnostic, at a place within a module.
type report struct {
	analyzer, place, message string
}

// A verdict is what reading the code said about a report.
type verdict struct {
	Analyzer string `json:"analyzer"`
	// Place is module@version/file:line:column.
	Place  string `json:"place"`
	True   bool   `json:"true"`
	Reason string `json:"reason"`
	used   bool
}

func (v *verdict) at() string { return v.Analyzer + " at " + v.Place }

// reports runs a checker over a program. It also returns the number of packages.
func reports(ctx context.Context, checker string, p program) (found []report, packages int, err error) {
	out, err := output(ctx, checker, append([]string{"-json", "-test=false"}, p.packages...)...)
	if err != nil {
		return nil, 0, err
	}
	var byPackage map[string]map[string]json.RawMessage
	if err := json.Unmarshal([]byte(out), &byPackage); err != nil {
		return nil, 0, fmt.Errorf("%s: %w", checker, err)
	}
	for pkg, byAnalyzer := range byPackage {
		for analyzer, raw := range byAnalyzer {
			var list []struct{ Posn, Message string }
			if err := json.Unmarshal(raw, &list); err != nil {
				return nil, 0, fmt.Errorf("%s: %s: %s", pkg, analyzer, raw)
			}
			for _, d := range list {
				found = append(found, report{analyzer, within(d.Posn), d.Message})
			}
		}
	}
	listed, err := output(ctx, "go", append([]string{"list"}, p.packages...)...)
	return found, strings.Count(listed, "\n") + 1, err
}

// within is a position below the module cache.
func within(posn string) string {
	_, path, ok := strings.Cut(posn, "/pkg/mod/")
	if !ok {
		return posn
	}
	return path
}
