package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

const rootLong = `mmapguard shows what a memory-mapped file is worth: which guarantee about its
bytes this machine can give, what happens to a program when another process
truncates, locks or rewrites the file, and it reads files with that guarantee.

Guarantees, the weakest first ('mmapguard doctor' tells what is to be had here):
  Cooperative  processes that respect locks leave the bytes alone; whatever the
               others do is an error, never a crash
  Enforced     the kernel keeps other processes' changes from being seen
  Isolated     the bytes are a private copy that nobody else can reach
  Immutable    the kernel proves that nobody can ever change the bytes

`

const rootExample = `  mmapguard demo                  see a mapping die, and the others survive
  mmapguard doctor /var/lib       what can this file system give?
  mmapguard stat data.bin         what can this file get, and is it locked?
  mmapguard sum --guarantee Isolated *.iso
  mmapguard completion bash       completion for your shell`

// Command is the command with all its subcommands, to be described, not run.
func Command() *cobra.Command { return newRoot(&session{out: io.Discard, err: io.Discard}) }

// newRoot makes the command with all its subcommands.
func newRoot(s *session) *cobra.Command {
	var version bool
	root := &cobra.Command{
		Use:           "mmapguard",
		Short:         "Map files safely, and see what that means",
		Long:          rootLong + exitCodesHelp(),
		Example:       rootExample,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if version {
				return s.printVersion()
			}
			return cmd.Help()
		},
	}
	root.PersistentFlags().BoolVar(&s.json, "json", false, "write JSON")
	root.PersistentFlags().BoolVar(&s.noConfine, "no-confine", false, "keep all rights (see --version)")
	root.Flags().BoolVar(&version, "version", false, "print the version")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &usageError{cmd.CommandPath(), err}
	})
	root.AddCommand(newDemo(s), newDoctor(s), newStat(s), newCat(s), newSum(s))
	root.AddCommand(newDemoRoles(s)...)
	return root
}

// knownCommand lets the root itself run only without arguments.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := fmt.Errorf("unknown command %q", args[0])
	cmd.SuggestionsMinimumDistance = 2
	for _, suggestion := range cmd.SuggestionsFor(args[0]) {
		err = fmt.Errorf("%w; did you mean %q?", err, suggestion)
		break
	}
	return &usageError{cmd.CommandPath(), err}
}

var errNoFile = errors.New("no file given; \"-\" is standard input")

// someFiles wants at least one argument.
func someFiles(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return &usageError{cmd.CommandPath(), errNoFile}
	}
	return nil
}

// usage makes a wrong number of arguments a usage error.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return &usageError{cmd.CommandPath(), err}
		}
		return nil
	}
}
