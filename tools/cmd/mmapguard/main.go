// Command mmapguard shows what mapping a file safely means: on this machine, on
// this file system, and for these files. Run it with --help.
package main

import (
	"os"

	"github.com/mmapguard/go/tools/internal/cli"
)

func main() { os.Exit(cli.Main()) }
