// Command assure holds the assurance case and the repository against each
// other. Run it with --help.
package main

import (
	"os"

	"github.com/mmapguard/go/tools/internal/assure/cli"
)

func main() { os.Exit(cli.Main()) }
