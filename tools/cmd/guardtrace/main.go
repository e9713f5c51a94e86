// Command guardtrace shows the system calls of a program, and checks them. Run
// it with --help.
package main

import (
	"os"

	"github.com/mmapguard/go/tools/internal/trace/cli"
)

func main() { os.Exit(cli.Main()) }
