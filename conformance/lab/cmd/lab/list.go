//go:build linux

package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/mmapguard/go/conformance/lab"
)

// runList is `lab list`.
func runList(args []string) (int, error) {
	flags := flag.NewFlagSet("lab list", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print JSON")
	if err := flags.Parse(args); err != nil {
		return lab.ExitLab, err
	}
	if *asJSON {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		return outcome(out.Encode(lab.List()))
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	for _, e := range lab.List() {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", e.Command, e.Name, yesNo(e.Available), e.Reason)
	}
	return outcome(table.Flush())
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// outcome is the exit code of a subcommand that runs nothing.
func outcome(err error) (int, error) {
	if err != nil {
		return lab.ExitLab, err
	}
	return 0, nil
}
