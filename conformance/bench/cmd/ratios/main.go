// Command ratios runs the benchmarks of conformance/bench, or reads what go
// test -bench printed, and holds them against the project's goals.
//
//	ratios [flags]                 run the benchmarks, several rounds of each
//	ratios FILE...                 read results; "-" is standard input
//
// It takes medians over the rounds, of ratios within each. Timing depends on the
// machine and on what else it does: a missed goal is printed, and only one that
// is off by more than a factor of two fails. Goals for allocations and heap bytes
// do not depend on it, and fail as they are. So does a goal without a result.
//
// Exit codes: 0 if nothing failed, 1 if a goal did, 2 for everything else.
package main

import (
	"errors"
	"flag"
	"io"
	"log"
	"os"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("ratios", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var p plan
	flags.IntVar(&p.rounds, "rounds", 6, "how often the benchmarks run, one after the other")
	flags.StringVar(&p.benchtime, "benchtime", "200ms", "time of each benchmark in each round")
	flags.IntVar(&p.scanMiB, "scan", 1024, "size in MiB of the file that is scanned")
	flags.IntVar(&p.open, "open", 50_000, "number of mappings that are open at once")
	flags.StringVar(&p.dir, "data", "", "directory for the files which are read (default: a temporary one)")
	flags.StringVar(&p.out, "o", "", "file to write the results to, for benchstat")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	messages := log.New(stderr, "ratios: ", 0)
	s, err := collect(p, flags.Args(), messages)
	if err != nil {
		messages.Print(err)
		return 2
	}
	text, failed := report(s)
	if _, err := io.WriteString(stdout, text); err != nil {
		messages.Print(err)
		return 2
	}
	if failed > 0 {
		messages.Printf("%d goals failed", failed)
		return 1
	}
	return 0
}

// collect reads the files, or runs the benchmarks if there are none.
func collect(p plan, files []string, messages *log.Logger) (*samples, error) {
	s := newSamples()
	if len(files) == 0 {
		return s, p.execute(s, messages)
	}
	for _, name := range files {
		if err := readFile(s, name); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func readFile(s *samples, name string) error {
	if name == "-" {
		return s.read(os.Stdin, name)
	}
	f, err := os.Open(name) // #nosec G304 -- reading what the user names is the purpose
	if err != nil {
		return err
	}
	return errors.Join(s.read(f, name), f.Close())
}
