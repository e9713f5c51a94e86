// Matrix runs the conformance suite in every environment that this machine can
// make, and prints one table of all of them.
//
//	go run ./conformance/cmd/matrix [--rows REGEX] [--complete] [--json FILE]
//	go run ./conformance/cmd/matrix merge [--json FILE] REPORT...
//
// It is run in the root of the repository, which it builds the suite from. It
// exits with 1 if a promise was broken, if an environment that this machine has
// could not be judged, or, with --complete, if one is missing; and with 2 if it
// was called wrongly or ended before all was done.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"syscall"
)

const (
	exitHeld   = 0
	exitBroken = 1
	exitUnable = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status, err := run(ctx, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "matrix:", err)
	}
	os.Exit(status)
}

func run(ctx context.Context, args []string) (int, error) {
	if len(args) > 0 && args[0] == "merge" {
		return merge(args[1:], os.Stdout)
	}
	flags := flag.NewFlagSet("matrix", flag.ContinueOnError)
	var chosen *regexp.Regexp
	flags.Func("rows", "run only the rows whose name matches a regular `expression`", func(s string) (err error) {
		chosen, err = regexp.Compile(s)
		return err
	})
	file := flags.String("json", "", "write everything as JSON to a `file`")
	complete := flags.Bool("complete", false, "fail if this machine cannot run a row")
	list := flags.Bool("list", false, "list the rows and run none")
	if err := flags.Parse(args); err != nil {
		return exitUnable, err
	}
	if flags.NArg() > 0 {
		return exitUnable, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	selected := choose(chosen)
	switch {
	case len(selected) == 0:
		return exitUnable, errors.New("no row was selected")
	case *list:
		return exitHeld, writeRows(os.Stdout, selected)
	}
	m, err := runAll(ctx, selected)
	if err != nil {
		return exitUnable, err
	}
	return finish(m, *file, *complete, os.Stdout)
}

// finish concludes a matrix that was run here.
func finish(m *matrix, file string, complete bool, stdout *os.File) (int, error) {
	status, err := conclude(m, file, stdout)
	if n := m.count(outcome.missing); complete && n > 0 && status == exitHeld {
		return exitBroken, fmt.Errorf("%d rows cannot be run here: see above for what is missing", n)
	}
	return status, err
}

// conclude writes a matrix in both forms and judges it.
func conclude(m *matrix, file string, stdout *os.File) (int, error) {
	err := m.write(stdout)
	if file != "" {
		err = errors.Join(err, m.save(file))
	}
	switch {
	case err != nil:
		return exitUnable, err
	case m.bad():
		return exitBroken, nil
	case m.count(outcome.cancelled) > 0:
		return exitUnable, errors.New("interrupted: the matrix is not complete")
	}
	return exitHeld, nil
}
