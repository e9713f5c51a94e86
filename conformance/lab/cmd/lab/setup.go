//go:build linux

package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/mmapguard/go/conformance/lab"
	"github.com/mmapguard/go/conformance/lab/vm"
)

// runSetup is `lab setup`.
func runSetup(args []string) (int, error) {
	flags := flag.NewFlagSet("lab setup", flag.ContinueOnError)
	if err := flags.Parse(args); err != nil {
		return lab.ExitLab, err
	}
	for _, name := range flags.Args() {
		if err := vm.Setup(context.Background(), name); err != nil {
			return lab.ExitLab, err
		}
		fmt.Fprintln(os.Stderr, "lab:", name, "is set up")
	}
	return 0, nil
}
