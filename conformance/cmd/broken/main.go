// Broken builds the library with one countermeasure after the other taken away,
// runs the conformance suite on each, and prints which cases noticed:
//
//	go run ./conformance/cmd/broken
//
// With -tracer, a guardtrace command, it runs those that break an order under
// the rules of conformance/rules, and prints which rules were broken.
//
// It exits with 1 if a broken build went unnoticed, or could not be made any
// more.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"syscall"

	"github.com/mmapguard/go/conformance/broken"
)

func main() {
	var opts broken.Options
	flag.BoolVar(&opts.All, "all", false, "run all cases on every build, to learn of each that notices")
	flag.StringVar(&opts.Tracer, "tracer", "", "run the builds under the rules, with this guardtrace `command`")
	flag.IntVar(&opts.Parallel, "parallel", 2, "how `many` builds to try at a time")
	flag.Func("run", "try only the mutations whose name matches a regular `expression`", func(s string) (err error) {
		opts.Run, err = regexp.Compile(s)
		return err
	})
	flag.Parse()
	opts.Progress = func(o broken.Outcome) {
		if o.LeftOut != "" {
			fmt.Fprintf(os.Stderr, "%s: left out\n", o.Mutation.Name)
			return
		}
		fmt.Fprintf(os.Stderr, "%s: noticed by %d (%.1f s)\n", o.Mutation.Name, len(o.Caught), o.Seconds)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	run := broken.Run
	if opts.Tracer != "" {
		run = broken.Observe
	}
	outcomes, err := run(ctx, opts)
	if err == nil {
		err = broken.WriteTable(os.Stdout, outcomes)
	}
	if err == nil && len(broken.Failures(outcomes)) > 0 {
		err = fmt.Errorf("%d broken builds were not caught", len(broken.Failures(outcomes)))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "broken:", err)
		stop()
		os.Exit(1)
	}
}
