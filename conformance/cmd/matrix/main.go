// Matrix runs the conformance suite in every environment that this machine can
// make, and prints one table of all of them.
//
//	go run ./conformance/cmd/matrix [--rows REGEX] [--json FILE]
//	go run ./conformance/cmd/matrix merge [--json FILE] REPORT...
//
// It is run in the root of the repository, which it builds the suite from. It
// exits with 1 if a promise was broken, or if an environment that this machine
// has could not be judged, and with 2 if it was called wrongly.
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
	return conclude(m, *file, os.Stdout)
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
	}
	return exitHeld, nil
}
