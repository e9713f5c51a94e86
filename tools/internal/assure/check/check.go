// Package check finds what is wrong with the assurance case without running
// anything: its form, and whether it and the repository agree, both ways.
package check

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/repo"
)

// Problem is something that has to be put right before the build can pass.
type Problem struct {
	Rule    string
	File    string
	Line    int
	Message string // what is wrong, and what to do
}

func (p Problem) String() string {
	return fmt.Sprintf("%s:%d: %s [%s]", p.File, p.Line, p.Message, p.Rule)
}

// Subject is a working copy together with the case that is made for it.
type Subject struct {
	Tree     *repo.Tree
	Case     *model.Case
	Sources  *repo.Sources
	Pipeline *repo.Pipeline
	Mutants  map[string]Mutant
	Today    time.Time // on which residual risks may have expired
}

// Read reads a working copy and its case. Mistakes of the case's form are
// problems like others; the case is returned all the same.
func Read(tree *repo.Tree, today time.Time) (*Subject, []Problem, error) {
	s := &Subject{Tree: tree, Today: today}
	var form error
	s.Case, form = model.Load(tree)
	problems := formProblems(form)
	var err error
	if s.Sources, err = repo.Scan(tree); err != nil {
		return nil, nil, err
	}
	if s.Pipeline, err = repo.ReadPipeline(tree); err != nil {
		return nil, nil, err
	}
	s.Mutants = mutants(s.Case)
	return s, problems, nil
}

// formProblems takes the joined errors of the reader apart.
func formProblems(err error) (problems []Problem) {
	if err == nil {
		return nil
	}
	for line := range strings.Lines(err.Error()) {
		p := Problem{Rule: "form", File: model.Dir, Line: 1, Message: strings.TrimSpace(line)}
		if parts := strings.SplitN(p.Message, ":", 3); len(parts) == 3 {
			if _, err := fmt.Sscanf(parts[1], "%d", &p.Line); err == nil {
				p.File, p.Message = parts[0], strings.TrimSpace(parts[2])
			}
		}
		problems = append(problems, p)
	}
	return problems
}

// Rule is one kind of look at the subject.
type Rule struct {
	Name string
	Says string // what holds if it finds nothing
	find func(context.Context, *Subject, *report) error
}

// Rules lists them all. Their names can be cited as evidence, "check:NAME".
func Rules() []Rule {
	return []Rule{
		{"ids", "Ids are well-formed, and each is there once.", ids},
		{"references", "Every id and every piece of evidence that is cited exists.", references},
		{"argument", "Every claim leads to countermeasures, without a cycle, and every requirement to claims.", argument},
		{"threats", "Every way of attack is countered, or a residual risk.", threats},
		{"countermeasures", "Every countermeasure has evidence that can run, and mutants that still apply; every mutant has a countermeasure.", countermeasures},
		{"cases", "Every conformance case is cited.", cases},
		{"risks", "No residual risk has expired.", risks},
		{"frameworks", "Every row of every framework is there, and says how it stands.", frameworks},
		{"unsafe", "Every unsafe expression is in internal/boundary, argued and registered.", unsafeExpressions},
		{"dependencies", "What is shipped is built from the registered modules, in the registered versions.", dependencies},
		{"fuzz", "Every fuzz target is registered.", fuzz},
		{"syscalls", "The library reaches the system through the registered functions alone.", syscalls},
		{"incidents", "The times of the procedure are those that users are told.", incidents},
		{"tools", "Every tool is pinned, and registered in the version that is pinned.", tools},
	}
}

// Run applies the rules of the given names, or all, and returns what they find,
// in the order of places.
func (s *Subject) Run(ctx context.Context, names ...string) ([]Problem, error) {
	r := &report{}
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failed error
	for _, rule := range Rules() {
		if len(names) > 0 && !slices.Contains(names, rule.Name) {
			continue
		}
		wg.Go(func() {
			own := &report{rule: rule.Name}
			err := rule.find(ctx, s, own)
			mu.Lock()
			defer mu.Unlock()
			r.problems = append(r.problems, own.problems...)
			if err != nil && failed == nil {
				failed = fmt.Errorf("rule %s: %w", rule.Name, err)
			}
		})
	}
	wg.Wait()
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return r.problems, failed
}

// report collects the problems of a rule.
type report struct {
	rule     string
	problems []Problem
}

func (r *report) add(at model.Pos, format string, args ...any) {
	r.problems = append(r.problems, Problem{r.rule, at.File, at.Line, fmt.Sprintf(format, args...)})
}

// at is a place of the repository as one of the case.
func at(p repo.Place) model.Pos { return model.Pos{File: p.File, Line: p.Line} }

// register is where something that is missing has to be entered.
func register(name string) string { return model.Dir + "/registers/" + name + ".yaml" }
