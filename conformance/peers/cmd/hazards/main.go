// Hazards puts the same hazards to mmapguard and to its peers and prints what
// happened; see package peers. It exits with 1 if mmapguard did something that
// it promises not to do, and with 3 if the comparison itself failed.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/mmapguard/go/conformance/peers"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == peers.ChildCommand {
		os.Exit(exitCode(nil, peers.Child(os.Args[2:], os.Stdin, os.Stdout)))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := exitCode(run(ctx, os.Args[1:], os.Stdout))
	stop()
	os.Exit(code)
}

// exitCode says what went wrong: with the harness, or with mmapguard.
func exitCode(violations []string, err error) int {
	if err != nil {
		fmt.Fprintln(os.Stderr, "hazards:", err)
		return peers.BrokenCode
	}
	for _, v := range violations {
		fmt.Fprintln(os.Stderr, "hazards: mmapguard broke a promise:", v)
	}
	return min(len(violations), 1)
}

func run(ctx context.Context, args []string, out io.Writer) ([]string, error) {
	flags := flag.NewFlagSet("hazards", flag.ExitOnError)
	dir := flags.String("dir", "", "create files under this directory (default: the temporary directory)")
	timeout := flags.Duration("timeout", 10*time.Second, "what counts as hanging")
	parallel := flags.Int("parallel", 8, "processes at once")
	asMarkdown := flags.Bool("markdown", false, "print Markdown")
	asJSON := flags.Bool("json", false, "print JSON")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	report, err := peers.Runner{Program: self, Dir: *dir, Timeout: *timeout, Parallel: *parallel}.Run(ctx)
	if err != nil {
		return nil, err
	}
	return report.Violations(), write(report, out, *asMarkdown, *asJSON)
}

func write(r *peers.Report, out io.Writer, asMarkdown, asJSON bool) error {
	switch {
	case asJSON:
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	case asMarkdown:
		return r.WriteMarkdown(out)
	default:
		return r.WriteText(out)
	}
}
