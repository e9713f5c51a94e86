package cli

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/filter"
	"github.com/mmapguard/go/tools/internal/trace/output"
	"github.com/mmapguard/go/tools/internal/trace/ptrace"
	"github.com/mmapguard/go/tools/internal/trace/session"
)

// trace is the command itself.
func (a *app) trace(f *flags, args []string) (err error) {
	c, err := f.config(args)
	if err != nil {
		return err
	}
	format, err := f.format()
	if err != nil {
		return err
	}
	file, end, err := f.open(a.err)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	w := output.New(format, file, output.Options{Limit: f.limit, Complete: c.Condition != nil})
	out, err := run(c, w)
	closeErr := w.Close()
	if errors.Is(closeErr, output.ErrFull) {
		_, _ = fmt.Fprintln(a.err, "guardtrace:", closeErr) // the program's end matters more
		closeErr = nil
	}
	if err := errors.Join(err, closeErr); err != nil {
		return err
	}
	a.code = exitCode(out)
	return nil
}

// run makes a trace during which signals are the program's.
func run(c session.Config, sink session.Sink) (session.Outcome, error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	c.Interrupt = signals
	return session.Run(c, sink)
}

// exitCode is the program's; if a signal ended it, this process ends the same
// way and does not return.
func exitCode(out session.Outcome) int {
	switch {
	case out.TimedOut:
		return exitTimeout
	case out.Signal != 0:
		const shell = 128 // how shells tell a signal, should it not be deadly here
		die(out.Signal)
		return shell + out.Signal
	}
	return out.Status
}

// filters lists what filters may name.
func (a *app) filters() *cobra.Command {
	return &cobra.Command{
		Use:   "filters",
		Short: "List the classes of system calls, and the names a condition may use",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			table, ok := abi.Native()
			if !ok {
				return ptrace.ErrUnavailable
			}
			classes := filter.Classes(table)
			for _, name := range slices.Sorted(maps.Keys(classes)) {
				if _, err := fmt.Fprintf(a.out, "%%%s: %s\n\n", name, strings.Join(classes[name], " ")); err != nil {
					return err
				}
			}
			_, err := fmt.Fprintf(a.out, "Conditions: %s\n", strings.Join(filter.FactNames(), " "))
			return err
		},
	}
}
