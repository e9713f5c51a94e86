// Package cli is the command line of guardtrace.
package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/mmapguard/go/tools/internal/trace/ptrace"
)

// Exit codes of guardtrace's own; everything else is the program's. They are
// those of env(1), nohup(1) and timeout(1).
const (
	exitFound    = 1   // check: a rule was broken; audit: something was found
	exitUsage    = 2   // called wrongly, before anything was started
	exitTimeout  = 124 //
	exitFailed   = 125 // guardtrace itself failed
	exitNoExec   = 126 // the program cannot be executed
	exitNotFound = 127 // there is no such program
)

const rootLong = `guardtrace shows the system calls of a program and of all that it starts, or of
processes that run already (-p). Only the calls that are wanted stop the program
(seccomp); its signals, and what it makes of them, stay as they are.

What is wanted is said by -e trace=SET, where SET is a list of names, %classes
and /regular expressions/, each of which may be taken away again by "!", and by
-e CONDITION over what is known of a call:

  -e trace=openat,mmap            these
  -e trace=%file,!execve          those that take a file's name, but for one
  -e trace=/^m(un)?map$/          those that match
  -e 'ret < 0 && errno != "EAGAIN"'
  -e 'syscall in ["mmap", "munmap"] && "PROT_WRITE" in flags'

Several conditions have all to hold. "guardtrace filters" lists classes and names.

The exit code is the program's; a signal that ends it ends guardtrace as well.
  124  the time was over (--timeout)
  125  guardtrace failed
  126  the program cannot be executed
  127  there is no such program
`

const rootExample = `  guardtrace -- ls /                           every call
  guardtrace -e trace=%memory --source -- ./prog
  guardtrace -c -- make                        a summary
  guardtrace --json -o trace.jsonl -p 4711 --timeout 10s
  guardtrace check --rules FILE -- ./prog      do its calls keep these rules?
  guardtrace audit -- ./prog                   which of its file mappings are risky?`

// app is what commands write to.
type app struct {
	out, err io.Writer
	code     int // how to end, if there was no error
}

// codeError is an error with an exit code of its own.
type codeError struct {
	code int
	err  error
}

func (e *codeError) Error() string { return e.err.Error() }
func (e *codeError) Unwrap() error { return e.err }

func usageError(err error) error { return &codeError{exitUsage, err} }

// collectRarely is the growth of the heap, in percent, that starts a collection.
// Events are garbage as soon as they are written, the heap is otherwise small,
// and a collection takes the processor that the program could have.
const collectRarely = 1000

// Main runs the command line of the process and returns its exit code.
func Main() int {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(collectRarely)
	}
	return Run(os.Args[1:], os.Stdout, os.Stderr)
}

// Run runs one command line and returns its exit code.
func Run(args []string, stdout, stderr io.Writer) int {
	a := &app{out: stdout, err: stderr}
	root := a.root()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	if err := root.Execute(); err != nil {
		_, _ = fmt.Fprintln(stderr, "guardtrace:", err) // there is nowhere left to say so
		return codeOf(err)
	}
	return a.code
}

func codeOf(err error) int {
	var coded *codeError
	switch {
	case errors.As(err, &coded):
		return coded.code
	case errors.Is(err, ptrace.ErrStart) && errors.Is(err, os.ErrNotExist):
		return exitNotFound
	case errors.Is(err, ptrace.ErrStart):
		return exitNoExec
	}
	return exitFailed
}

// Command is the command with all its subcommands, to be described, not run.
func Command() *cobra.Command { return (&app{out: io.Discard, err: io.Discard}).root() }

func (a *app) root() *cobra.Command {
	var f flags
	root := &cobra.Command{
		Use:           "guardtrace [flags] -- command...",
		Short:         "Show the system calls of a program, and check them",
		Long:          rootLong,
		Example:       rootExample,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(_ *cobra.Command, args []string) error { return a.trace(&f, args) },
	}
	f.register(root.Flags())
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError(err) })
	root.AddCommand(a.filters(), a.check(), a.audit(), a.profile())
	return root
}
