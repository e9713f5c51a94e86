package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/filter"
	"github.com/mmapguard/go/tools/internal/trace/output"
	"github.com/mmapguard/go/tools/internal/trace/ptrace"
	"github.com/mmapguard/go/tools/internal/trace/session"
)

// flags are those of a trace.
type flags struct {
	filters   []string
	pids      []int
	json      bool
	csv       bool
	summary   bool
	output    string
	limit     int64
	timeout   time.Duration
	source    bool
	noSignals bool
	lives     bool
	noSeccomp bool
}

func (f *flags) register(set *pflag.FlagSet) {
	// What follows the command's name is the command's.
	set.SetInterspersed(false)
	set.StringArrayVarP(&f.filters, "expr", "e", nil, "trace=`SET`, or a condition; may be repeated")
	set.IntSliceVarP(&f.pids, "pid", "p", nil, "join the `process`; may be repeated")
	set.BoolVar(&f.json, "json", false, "write JSON lines")
	set.BoolVar(&f.csv, "csv", false, "write CSV")
	set.BoolVarP(&f.summary, "summary", "c", false, "count calls, errors and time, and write nothing else")
	set.StringVarP(&f.output, "output", "o", "", "write to a `file` instead of standard error")
	set.Int64Var(&f.limit, "max-output", 0, "write at most so many `bytes`; the program goes on (0: no limit)")
	set.DurationVar(&f.timeout, "timeout", 0, "after this `time` kill the program, or leave the processes joined (0: never)")
	set.BoolVar(&f.source, "source", false, "tell the line of the program that made the call")
	set.BoolVar(&f.noSignals, "no-signals", false, "do not tell of signals")
	set.BoolVar(&f.lives, "lives", false, "tell of the births and deaths of threads")
	set.BoolVar(&f.noSeccomp, "no-seccomp", false, "stop the program at every call, wanted or not")
}

// config makes a session of flags and a command.
func (f *flags) config(args []string) (c session.Config, err error) {
	switch {
	case len(args) == 0 && len(f.pids) == 0:
		return c, usageError(errors.New("what is to be traced? Give a command, or a process with -p"))
	case len(args) > 0 && len(f.pids) > 0:
		return c, usageError(errors.New("a command and -p exclude each other"))
	case f.limit < 0 || f.timeout < 0:
		return c, usageError(errors.New("--max-output and --timeout cannot be negative"))
	}
	c = session.Config{
		PIDs: f.pids, Timeout: f.timeout, Source: f.source, NoSeccomp: f.noSeccomp,
		Signals: !f.noSignals && !f.summary, Lives: f.lives,
	}
	if len(args) > 0 {
		c.Command = args
	}
	table, ok := abi.Native()
	if !ok {
		return c, ptrace.ErrUnavailable
	}
	if err := f.filter(&c, table); err != nil {
		return c, usageError(err)
	}
	return c, nil
}

// filter parses what is wanted. A condition that only some calls can meet leaves
// the others alone from the start.
func (f *flags) filter(c *session.Config, table *abi.Table) error {
	var conditions []string
	for _, text := range f.filters {
		set, isSet := strings.CutPrefix(text, "trace=")
		if !isSet {
			conditions = append(conditions, text)
			continue
		}
		calls, err := filter.ParseSet(table, set)
		if err != nil {
			return fmt.Errorf("-e trace=: %w", err)
		}
		c.Calls = intersect(c.Calls, calls)
	}
	for _, text := range conditions {
		// Each by itself first, for the sake of the positions in errors.
		if _, err := filter.ParseCondition(table, text); err != nil {
			return fmt.Errorf("-e: %w", err)
		}
	}
	if conditions == nil {
		return nil
	}
	condition, err := filter.ParseCondition(table, "("+strings.Join(conditions, ") && (")+")")
	if err != nil {
		return fmt.Errorf("-e: %w", err)
	}
	c.Condition = condition
	if calls, some := condition.Calls(); some {
		c.Calls = intersect(c.Calls, calls)
	}
	return nil
}

// intersect is what is in both sets; nil is the set of all.
func intersect(a, b filter.Set) filter.Set {
	if a == nil {
		return b
	}
	both := filter.Set{}
	for name := range a {
		if b[name] {
			both[name] = true
		}
	}
	return both
}

func (f *flags) format() (output.Format, error) {
	format, n := output.Text, 0
	for flag, on := range map[output.Format]bool{output.JSON: f.json, output.CSV: f.csv, output.Summary: f.summary} {
		if on {
			format = flag
			n++
		}
	}
	if n > 1 {
		return "", usageError(errors.New("--json, --csv and -c exclude each other"))
	}
	return format, nil
}

// open opens the file for the output.
func (f *flags) open(fallback io.Writer) (w io.Writer, end func() error, err error) {
	if f.output == "" {
		return fallback, func() error { return nil }, nil
	}
	file, err := os.Create(f.output)
	if err != nil {
		return nil, nil, err
	}
	return file, file.Close, nil
}
