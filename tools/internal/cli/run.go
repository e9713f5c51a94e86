package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// session is what a command reads, writes and is told by the root's flags.
type session struct {
	out, err io.Writer
	json     bool
	// mayConfine tells that the process is the command's alone. noConfine is the
	// user's wish.
	mayConfine, noConfine bool
}

// Main runs the command line of the process and returns its exit code.
func Main() int {
	// A second signal ends the process at once: stop restores the default as soon
	// as the first has come.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	s := &session{out: os.Stdout, err: os.Stderr, mayConfine: true}
	return s.run(ctx, os.Args[1:])
}

// Run runs one command line and returns its exit code. Standard input is the
// process's. Nothing is confined: the process is the caller's.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s := &session{out: stdout, err: stderr}
	return s.run(ctx, args)
}

func (s *session) run(ctx context.Context, args []string) int {
	root := newRoot(s)
	root.SetArgs(args)
	root.SetOut(s.out)
	root.SetErr(s.err)
	return s.finish(root.ExecuteContext(ctx))
}

// finish reports an error and gives the exit code for it.
func (s *session) finish(err error) int {
	var silent *silentError
	switch err = s.outputGone(err); {
	case errors.As(err, &silent):
		return silent.code
	case err != nil && !errors.Is(err, errBrokenPipe):
		s.report(err)
	}
	return classify(err).Code
}

// outputGone recognizes the end of a pipe's reader: that is how a pipeline
// ends, and nobody is left to be told.
func (s *session) outputGone(err error) error {
	for _, errno := range brokenPipeErrnos {
		if errors.Is(err, errno) {
			return errBrokenPipe
		}
	}
	return err
}

// report writes an error where a person looks for it. If that fails there is
// nowhere left to say so.
func (s *session) report(err error) {
	line := fmt.Sprintf("mmapguard: %v\n", err)
	if errors.Is(err, context.Canceled) {
		line = "mmapguard: interrupted\n"
		if _, ok := terminal(s.err); ok {
			line = "\n" + line // after a progress bar, or what the terminal wrote for the key
		}
	}
	_, _ = io.WriteString(s.err, line)
}
