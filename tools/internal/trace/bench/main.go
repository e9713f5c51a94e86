//go:build linux

// Bench measures what guardtrace costs beside strace: both run the same program,
// which maps and reads a file many times, with the same calls wanted, in turns:
// on all processors, and on one. It prints the medians and their ratios:
//
//	go run ./tools/internal/trace/bench
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/edsrzf/mmap-go"
	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/tools/internal/trace/cli"
)

// wanted are the calls that both tracers show.
const wanted = "openat,mmap,munmap,pread64"

// The first argument turns this program into the one that is traced, or into
// guardtrace.
const (
	asTarget     = "target"
	asGuardtrace = "guardtrace"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == asGuardtrace {
		os.Args = os.Args[1:]
		os.Exit(cli.Main())
	}
	rounds := flag.Int("rounds", 9, "how often each is run")
	calls := flag.Int("times", 3000, "how often the program maps and reads")
	flag.Parse()
	run := measure
	if flag.Arg(0) == asTarget {
		run = func(_, times int) error { return target(flag.Arg(1), times) }
	}
	if err := run(*rounds, *calls); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// target maps and reads a file.
func target(name string, times int) error {
	f, err := os.Open(name) // #nosec G304 -- the file that measure made
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	buf := make([]byte, os.Getpagesize())
	for range times {
		m, err := mmap.Map(f, mmap.RDONLY, 0)
		if err != nil {
			return err
		}
		_, err = f.ReadAt(buf, 0)
		if err := errors.Join(err, m.Unmap()); err != nil {
			return err
		}
	}
	return nil
}

func measure(rounds, times int) error {
	if _, err := exec.LookPath("strace"); err != nil {
		return fmt.Errorf("strace is not installed: %w", err)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "bench-trace-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "file")
	const size = 1 << 20
	if err := os.WriteFile(file, make([]byte, size), 0o600); err != nil {
		return err
	}
	program := []string{self, "-times", fmt.Sprint(times), asTarget, file}
	commands := []command{
		{"nothing", program, nil},
		{"strace -f --seccomp-bpf", append([]string{"strace", "-f", "--seccomp-bpf", "-e", "trace=" + wanted, "-o", filepath.Join(dir, "strace")}, program...), nil},
		{"guardtrace", append([]string{self, asGuardtrace, "-e", "trace=" + wanted, "-o", filepath.Join(dir, "guardtrace"), "--"}, program...), nil},
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	heading(table)
	for _, processors := range processorsHere() {
		for i := range commands {
			commands[i].times = nil
		}
		if err := onProcessors(processors, func() error { return inTurns(commands, rounds) }); err != nil {
			return err
		}
		rows(table, processors, commands)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err = fmt.Printf("\n%d rounds of %d maps and reads each, trace=%s\n", rounds, times, wanted)
	return err
}

// processorsHere is how many processors to measure with: all, and one.
func processorsHere() []int {
	if n := runtime.NumCPU(); n > 1 {
		return []int{n, 1}
	}
	return []int{1}
}

// onProcessors does something whose child processes have no more processors
// than that (sched_setaffinity(2): they inherit it from the thread that starts
// them).
func onProcessors(n int, do func() error) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var all, some unix.CPUSet
	if err := unix.SchedGetaffinity(0, &all); err != nil {
		return fmt.Errorf("sched_getaffinity: %w", err)
	}
	for i := 0; some.Count() < min(n, all.Count()); i++ {
		if all.IsSet(i) {
			some.Set(i)
		}
	}
	if err := unix.SchedSetaffinity(0, &some); err != nil {
		return fmt.Errorf("sched_setaffinity: %w", err)
	}
	return errors.Join(do(), unix.SchedSetaffinity(0, &all))
}

func inTurns(commands []command, rounds int) error {
	for range rounds {
		for i := range commands {
			if err := commands[i].run(); err != nil {
				return err
			}
		}
	}
	return nil
}

// command is what is run, and how long it took each time.
type command struct {
	name  string
	argv  []string
	times []time.Duration
}

func (c *command) run() error {
	start := time.Now()
	cmd := exec.CommandContext(context.Background(), c.argv[0], c.argv[1:]...) // #nosec G204 -- from the table above
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", c.name, err, out)
	}
	c.times = append(c.times, time.Since(start))
	return nil
}

func (c *command) median() time.Duration {
	sorted := slices.Sorted(slices.Values(c.times))
	return sorted[len(sorted)/2]
}

// The errors of a tabwriter are those of its Flush.
func heading(w io.Writer) {
	_, _ = fmt.Fprintln(w, "traced by\tprocessors\tmedian\tfastest\tmedian / strace's")
}

func rows(w io.Writer, processors int, commands []command) {
	strace := commands[1].median()
	for _, c := range commands {
		_, _ = fmt.Fprintf(w, "%s\t%d\t%.1f ms\t%.1f ms\t%.2f\n",
			c.name, processors, ms(c.median()), ms(slices.Min(c.times)), ms(c.median())/ms(strace))
	}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
