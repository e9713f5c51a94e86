//go:build linux

// Command lab runs a command in an environment made for it: `lab list` prints
// those there are, `lab help` how to ask for one.
package main

import (
	"fmt"
	"os"

	"github.com/mmapguard/go/conformance/lab"
)

const usage = `usage:
  lab list [--json]                         what this machine can do, and why not
  lab setup [ARCH...]                       install and fetch what is missing
  lab fs [--size 2G] [--content DIR] NAME -- CMD
                                            run CMD on a fresh file system
  lab fuse [--fault SPEC] [--size 2G] [--content DIR] -- CMD
                                            the same on FUSE, with faults
  lab vm [--disk NAME]... [--module NAME]... [--env K=V]... [--memory 1G]
         [--content DIR] [--cpus 2] [--timeout 5m] [--console] ARCH -- BINARY ARGS
                                            boot a kernel and run BINARY in it
  lab exec [flags of vm] ARCH               the same, for go test -exec
  lab user ARCH -- BINARY ARGS              emulate a processor on this kernel

CMD finds the directory in $` + lab.DirEnv + ` and the environment's name in $` + lab.FSEnv + `.
BINARY must be static: CGO_ENABLED=0 go test -c. The exit code is the command's,
128 + N if signal N killed it, 124 if it ran out of time, 125 if the environment
could not be made.
`

func main() {
	lab.Init()
	os.Exit(run(os.Args[1:]))
}

// run dispatches to the subcommands and returns the exit code.
func run(args []string) int {
	commands := map[string]func([]string) (int, error){
		"exec":  runVM,
		"fs":    runFS,
		"fuse":  runFuse,
		"list":  runList,
		"setup": runSetup,
		"user":  runUser,
		"vm":    runVM,
	}
	if len(args) == 0 || commands[args[0]] == nil {
		fmt.Fprint(os.Stderr, usage)
		return lab.ExitLab
	}
	code, err := commands[args[0]](args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
	}
	return code
}
