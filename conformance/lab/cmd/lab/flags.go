//go:build linux

package main

import (
	"errors"
	"flag"
)

// nameAndCommand parses `[flags] NAME [flags] [--] CMD…`. The dashes may be
// missing because `go test -exec` appends the test binary without any.
func nameAndCommand(flags *flag.FlagSet, args []string) (string, []string, error) {
	if err := flags.Parse(args); err != nil {
		return "", nil, err
	}
	if flags.NArg() == 0 {
		return "", nil, errors.New("no environment named; `lab list` prints those there are")
	}
	name := flags.Arg(0)
	if err := flags.Parse(flags.Args()[1:]); err != nil {
		return "", nil, err
	}
	if flags.NArg() == 0 {
		return "", nil, errors.New(name + ": no command given")
	}
	return name, flags.Args(), nil
}
