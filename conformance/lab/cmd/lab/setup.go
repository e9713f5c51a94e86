//go:build linux

package main

import (
	"context"
	"errors"
	"flag"
	"os"

	"github.com/mmapguard/go/conformance/lab"
)

// runSetup is `lab setup`.
func runSetup(args []string) (int, error) {
	flags := flag.NewFlagSet("lab setup", flag.ContinueOnError)
	if err := flags.Parse(args); err != nil {
		return lab.ExitLab, err
	}
	return outcome(lab.Setup(context.Background(), os.Stderr, flags.Args()...))
}

// runUser is `lab user`.
func runUser(args []string) (int, error) {
	flags := flag.NewFlagSet("lab user", flag.ContinueOnError)
	name, command, err := nameAndCommand(flags, args)
	if err == nil {
		err = lab.ExecUser(name, command[0], command[1:]...)
	}
	if errors.Is(err, os.ErrNotExist) {
		return lab.ExitNotFound, err
	}
	return lab.ExitLab, err
}
