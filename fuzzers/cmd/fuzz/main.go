// Fuzz runs the fuzz targets of all modules of the workspace.
//
//	fuzz list [-json]                 tell the targets
//	fuzz run [target [duration]]      run them, each for so long (default: all, 10s)
//	fuzz mutants [target]             break the library on purpose, and look how soon a target notices
//	fuzz coverage [target]            tell what of the library the kept inputs reach
//	fuzz minimize [target]            keep only the inputs that add to the coverage
//
// A target is the name of a function, or "all". Temporary files are made in
// /dev/shm, or in the folder that MMAPGUARD_FUZZ_TMP names.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"github.com/mmapguard/go/fuzzers/internal/engine"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(1)
	}
}

// session is a call of the program.
type session struct {
	targets []engine.Target
	args    []string // after the target
	tmp     string
	workers int
	json    bool
	cached  bool
}

var commands = map[string]func(*session, context.Context) error{
	"list":     (*session).list,
	"run":      (*session).run,
	"mutants":  (*session).mutants,
	"coverage": (*session).coverage,
	"minimize": (*session).minimize,
}

func run(ctx context.Context, args []string) (err error) {
	s := &session{}
	flags := flag.NewFlagSet("fuzz", flag.ContinueOnError)
	flags.IntVar(&s.workers, "workers", runtime.GOMAXPROCS(0), "fuzzing processes at a time")
	flags.BoolVar(&s.json, "json", false, "list: as JSON")
	flags.BoolVar(&s.cached, "cached", false, "minimize: the inputs that the go command keeps, in place, instead of those of the sources")
	name := "help"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	command, ok := commands[name]
	if !ok {
		return errors.New("usage: fuzz list|run|mutants|coverage|minimize [flags] [target [duration]]")
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if err := s.choose(ctx, flags.Args()); err != nil {
		return err
	}
	if s.tmp, err = engine.Scratch(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(s.tmp)) }()
	return command(s, ctx)
}

// choose reads the target.
func (s *session) choose(ctx context.Context, args []string) (err error) {
	if s.targets, err = engine.Targets(ctx); err != nil {
		return err
	}
	if len(args) == 0 {
		return nil
	}
	s.args = args[1:]
	if args[0] == "all" {
		return nil
	}
	all := names(s.targets)
	s.targets = slices.DeleteFunc(s.targets, func(t engine.Target) bool { return t.Name != args[0] })
	if len(s.targets) == 0 {
		return fmt.Errorf("no target %q; there are %s", args[0], all)
	}
	return nil
}

func names(targets []engine.Target) string {
	var list []string
	for _, t := range targets {
		list = append(list, t.Name)
	}
	return strings.Join(list, ", ")
}
