//go:build linux

package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/mmapguard/go/conformance/lab"
	"github.com/mmapguard/go/conformance/lab/vm"
)

// listFlag collects the values of a repeated flag.
type listFlag struct{ list *[]string }

func (f listFlag) String() string { return "" }

func (f listFlag) Set(s string) error {
	*f.list = append(*f.list, s)
	return nil
}

// runVM is `lab vm` and `lab exec`.
func runVM(args []string) (int, error) {
	var m vm.Machine
	flags := flag.NewFlagSet("lab vm", flag.ContinueOnError)
	flags.Var(listFlag{&m.Disks}, "disk", "`name` of a file system to attach; the first is the test directory")
	flags.Var(listFlag{&m.Modules}, "module", "`name` of a kernel module to load")
	flags.Var(listFlag{&m.Env}, "env", "`KEY=VALUE` for the program")
	flags.StringVar(&m.Content, "content", "", "`directory` to copy into content/ of the test directory")
	flags.Var(sizeFlag{&m.Memory}, "memory", "`bytes` of memory (default 1G)")
	flags.IntVar(&m.CPUs, "cpus", 2, "`number` of processors")
	flags.DurationVar(&m.Timeout, "timeout", vm.DefaultTimeout, "`time` from power on to power off")
	console := flags.Bool("console", false, "show the kernel's messages")
	name, command, err := nameAndCommand(flags, args)
	if err != nil {
		return lab.ExitLab, err
	}
	m.Arch = name
	m.Env = append(passedOn(os.Environ()), m.Env...)
	if *console {
		m.Console = os.Stderr
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	code, err := m.Run(ctx, os.Stdout, os.Stderr, command[0], command[1:]...)
	switch {
	case errors.Is(err, vm.ErrTimeout):
		return lab.ExitTimeout, err
	case errors.Is(err, context.Canceled):
		return lab.ExitInterrupted, err
	case err != nil:
		return lab.ExitLab, err
	}
	return code, nil
}

// places are variables that speak of this machine's file systems.
var places = []string{lab.DirEnv, lab.FSEnv, lab.ReadOnlyEnv, lab.LowerEnv, lab.UpperEnv, lab.BackingEnv, lab.FaultEnv}

// passedOn are the host's variables that mean the same in the machine.
func passedOn(environ []string) []string {
	var passed []string
	for _, kv := range environ {
		key, _, _ := strings.Cut(kv, "=")
		switch {
		case slices.Contains(places, key):
		case strings.HasPrefix(key, "MMAPGUARD_") && !strings.HasPrefix(key, "MMAPGUARD_LAB_"),
			key == "GODEBUG", key == "GOTRACEBACK", key == "GOMAXPROCS", key == "GOGC", key == "GOMEMLIMIT":
			passed = append(passed, kv)
		}
	}
	return passed
}
