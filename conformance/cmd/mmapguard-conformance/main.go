// Mmapguard-conformance tries what mmapguard promises on a directory's file
// system.
//
//	mmapguard-conformance --dir /mnt/nfs
//
// It works in a temporary folder that it makes there and removes again, also
// when it is interrupted, and touches nothing else. On a file system that is
// read-only it reads a few of the files that are there.
//
// Where the system can (Landlock), it confines itself before that, with all the
// processes that it starts, to reading, and to changing what is below that
// directory. It does not filter system calls, as the commands do that read
// strangers' files: its cases are the attacks that such a filter is there to
// stop. They write, truncate and lock, start and trace processes, send signals,
// and exhaust maps. --no-confine does without, as --damage does.
//
// It exits with 0 if every promise that is offered here was kept, with 1 if one
// was broken, and with 2 if it was called wrongly or could not run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/mmapguard/go/conformance"
	"github.com/mmapguard/go/conformance/report"
)

const (
	exitHeld   = 0
	exitBroken = 1
	exitUnable = 2
)

func main() {
	conformance.Main()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := program{confines: true}.run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// program is what is run. Tests run it in a process that they need afterwards.
type program struct{ confines bool }

// run returns the exit status.
func (p program) run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 && args[0] == "merge" {
		if p.confines {
			if err := restrict("", nil); err != nil { // it reads, and changes nothing
				return failed(whole(err), stderr)
			}
		}
		return merge(args[1:], stdout, stderr)
	}
	c, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitHeld
	case err != nil:
		fmt.Fprintln(stderr, err)
		return exitUnable
	case c.list:
		err = list(stdout)
	case c.version:
		err = c.printVersion(stdout)
	default:
		if p.confines {
			err = whole(c.confine())
		}
		if err == nil {
			return c.runSuite(ctx, stdout, stderr)
		}
	}
	return failed(err, stderr)
}

func failed(err error, stderr io.Writer) int {
	if err != nil {
		fmt.Fprintln(stderr, "mmapguard-conformance:", err)
		return exitUnable
	}
	return exitHeld
}

func (c *command) runSuite(ctx context.Context, stdout, stderr io.Writer) int {
	progress := newProgress(stderr)
	c.options.Progress = progress.show
	r, err := conformance.Run(ctx, c.options)
	progress.end()
	if r != nil {
		err = errors.Join(err, c.write(r, stdout))
	}
	switch {
	case err != nil:
		return failed(err, stderr)
	case r.Count(report.Broken) > 0:
		return exitBroken
	case ctx.Err() != nil:
		return failed(errors.New("interrupted: the report is not complete"), stderr)
	case len(r.Results) == 0:
		return failed(errors.New("no case was selected"), stderr)
	}
	return exitHeld
}
