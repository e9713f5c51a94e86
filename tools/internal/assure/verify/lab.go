package verify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mmapguard/go/tools/internal/assure/check"
	"github.com/mmapguard/go/tools/internal/assure/model"
	"github.com/mmapguard/go/tools/internal/assure/repo"
)

// lab builds test binaries and runs them. The sources are not copied: the go
// command reads a mutant's files from an overlay, so that its cache serves.
type lab struct {
	subject *check.Subject
	machine Machine
	cache   cache
	exec    string
	dir     string
	// patience is for one test by itself.
	patience time.Duration
}

func newLab(s *check.Subject, m Machine, opts Options) (*lab, error) {
	if err := boundMemory(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "assure-")
	if err != nil {
		return nil, err
	}
	return &lab{s, m, newCache(opts.Cache, s.Tree, m, opts.Exec), opts.Exec, dir, cmp.Or(opts.Patience, aloneTime)}, nil
}

// casesFolder is the package whose test runs the conformance cases.
const casesFolder = "conformance"

// folder is that of the package that runs the evidence; checks have none.
func (l *lab) folder(e model.Evidence) string {
	switch e.Kind {
	case "case":
		return casesFolder
	case "test", "fuzz":
		folder, _ := cutLast(e.Name, ".")
		return folder
	}
	return ""
}

// cutLast cuts around the last separator; without one all is before it.
func cutLast(s, sep string) (before, after string) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i+len(sep):]
}

// together runs evidence of one package in one process; what does not pass is
// run once more alone.
func (l *lab) together(ctx context.Context, evidence []model.Evidence) (map[string]Outcome, error) {
	outcomes, todo := l.known(nil, evidence)
	if len(todo) == 0 {
		return outcomes, nil
	}
	folder := l.folder(todo[0])
	if folder == "" {
		return outcomes, l.checks(ctx, l.subject, todo, outcomes)
	}
	program, err := l.build(ctx, l.subject.Tree, folder, "sound")
	if err != nil {
		return nil, err
	}
	log := l.run(ctx, program, folder, todo, togetherTime)
	for _, e := range todo {
		o := log.outcome(e)
		if o.Status != Passed { // a skip too: some can do what they need most of the time
			o = l.run(ctx, program, folder, []model.Evidence{e}, l.patience).outcome(e)
			o.Retried = o.Status == Passed
		}
		outcomes[e.Key()] = o
		l.cache.put(l.key(nil, e), o, o.Status == Passed && !o.Retried)
	}
	return outcomes, nil
}

// alone runs evidence on a mutant, each piece in a process of its own.
func (l *lab) alone(ctx context.Context, mutated *repo.Tree, mutant string, evidence []model.Evidence) (map[string]Outcome, error) {
	outcomes, todo := l.known(mutated, evidence)
	for _, part := range group(todo, l.folder) {
		folder := l.folder(part[0])
		if folder == "" {
			if err := l.checksOn(ctx, mutated, part, outcomes); err != nil {
				return nil, fmt.Errorf("mutant %s: %w", mutant, err)
			}
			continue
		}
		program, err := l.build(ctx, mutated, folder, mutant)
		if err != nil {
			return nil, fmt.Errorf("mutant %s: %w", mutant, err)
		}
		for _, e := range part {
			o := l.run(ctx, program, folder, []model.Evidence{e}, l.patience).outcome(e)
			outcomes[e.Key()] = o
			l.cache.put(l.key(mutated, e), o, o.Status == Failed || o.Status == Hung)
		}
		_ = os.Remove(program)
	}
	return outcomes, ctx.Err()
}

// known looks outcomes up that need not be found out.
func (l *lab) known(mutated *repo.Tree, evidence []model.Evidence) (outcomes map[string]Outcome, todo []model.Evidence) {
	outcomes = map[string]Outcome{}
	for _, e := range evidence {
		place, err := l.subject.Find(e)
		switch {
		case err != nil:
			outcomes[e.Key()] = Outcome{Status: Missing, Detail: err.Error()}
		case l.machine.lacks(e) != "":
			outcomes[e.Key()] = Outcome{Status: Elsewhere, Detail: l.machine.lacks(e)}
		case !e.Means(l.machine.OS) || e.Kind != "check" && e.Kind != "case" && !l.subject.Sources.Builds(place.File, l.machine.OS, l.machine.Arch):
			outcomes[e.Key()] = Outcome{Status: Elsewhere, Detail: "it is not for " + l.machine.OS}
		default:
			if o, ok := l.cache.get(l.key(mutated, e)); ok {
				outcomes[e.Key()] = o
			} else {
				todo = append(todo, e)
			}
		}
	}
	return outcomes, todo
}

// build makes a package's test binary.
func (l *lab) build(ctx context.Context, tree *repo.Tree, folder, mutant string) (string, error) {
	program := filepath.Join(l.dir, strings.ReplaceAll(folder, "/", "_")+"."+mutant+".test")
	_, err := tree.Go(ctx, l.machine.OS, "test", "-c", "-ldflags=-s -w", "-o", program, "./"+folder)
	if err != nil {
		return "", fmt.Errorf("it does not build: %w", err)
	}
	return program, nil
}

// checks runs rules of assure check: they are evidence as well.
func (l *lab) checks(ctx context.Context, s *check.Subject, evidence []model.Evidence, outcomes map[string]Outcome) error {
	for _, e := range evidence {
		problems, err := s.Run(ctx, e.Name)
		if err != nil {
			return err
		}
		o := Outcome{Status: Passed}
		if len(problems) > 0 {
			o = Outcome{Status: Failed, Detail: problems[0].String()}
		}
		outcomes[e.Key()] = o
	}
	return nil
}

// checksOn runs rules on a mutant.
func (l *lab) checksOn(ctx context.Context, mutated *repo.Tree, evidence []model.Evidence, outcomes map[string]Outcome) error {
	s, form, err := check.Read(mutated, l.subject.Today)
	if err == nil && len(form) > 0 {
		err = errors.New(form[0].String())
	}
	if err != nil {
		return err
	}
	return l.checks(ctx, s, evidence, outcomes)
}
