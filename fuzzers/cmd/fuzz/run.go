package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/mmapguard/go/fuzzers/internal/engine"
)

// list tells the targets.
func (s *session) list(context.Context) error {
	if s.json {
		var list []string
		for _, t := range s.targets {
			list = append(list, t.Name)
		}
		return json.NewEncoder(os.Stdout).Encode(list)
	}
	tw := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, t := range s.targets {
		fmt.Fprintf(tw, "%s\t%s\n", t.Name, t.Package)
	}
	return tw.Flush()
}

// byDefault is how long a target is run.
const byDefault = 10 * time.Second

// run runs the targets one after the other, and tells how fast each was.
func (s *session) run(ctx context.Context) (err error) {
	duration := byDefault
	if len(s.args) > 0 {
		if duration, err = time.ParseDuration(s.args[0]); err != nil {
			return err
		}
	}
	programs := map[string]string{}
	var outcomes []engine.Outcome
	for _, t := range s.targets {
		program, err := s.program(ctx, programs, t.Package)
		if err != nil {
			return err
		}
		o, err := s.fuzz(ctx, t, program, duration)
		if err != nil {
			return err
		}
		outcomes = append(outcomes, o)
	}
	return errors.Join(tellSpeed(outcomes), tellFailures(outcomes))
}

// program builds a package's tests for fuzzing, once.
func (s *session) program(ctx context.Context, built map[string]string, pkg string) (string, error) {
	if program := built[pkg]; program != "" {
		return program, nil
	}
	program := filepath.Join(s.tmp, strings.ReplaceAll(pkg, "/", "-")+".test")
	if err := (engine.Build{Package: pkg, Out: program, Fuzz: true}).Do(ctx); err != nil {
		return "", err
	}
	built[pkg] = program
	return program, nil
}

// fuzz runs a target where its inputs are kept.
func (s *session) fuzz(ctx context.Context, t engine.Target, program string, duration time.Duration) (engine.Outcome, error) {
	cache, err := engine.CacheDir(ctx, t.Package)
	if err != nil {
		return engine.Outcome{}, err
	}
	fmt.Fprintf(os.Stderr, "=== %s, %v\n", t.Name, duration)
	return engine.Run{
		Target: t, Program: program, Dir: t.Dir, Cache: cache, Tmp: s.tmp,
		Time: duration, Workers: s.workers, Out: os.Stderr,
	}.Do(ctx)
}

// tellSpeed prints the table. A second of the clock is of all workers; one of
// the processors is of one core, whatever else they were busy with.
func tellSpeed(outcomes []engine.Outcome) error {
	tw := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "target\truns\tper second\tper CPU second\tnew inputs\tverdict")
	for _, o := range outcomes {
		verdict := "nothing found"
		switch {
		case o.Failed:
			verdict = "FAILED"
		case o.Execs == 0:
			verdict = "too short: only the kept inputs were run"
		}
		fmt.Fprintf(tw, "%s\t%d\t%.0f\t%.0f\t%d\t%s\n", o.Target.Name, o.Execs, o.PerSecond(), o.PerCPUSecond(), o.New, verdict)
	}
	return tw.Flush()
}

func tellFailures(outcomes []engine.Outcome) error {
	var errs []error
	for _, o := range outcomes {
		if o.Failed {
			errs = append(errs, fmt.Errorf("%s failed; repeat it by: go test %s -run '%s'", o.Target.Name, o.Target.Package, o.Input))
		}
	}
	return errors.Join(errs...)
}
