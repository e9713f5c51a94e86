// Bench measures what guardtrace costs beside strace: both run the same program,
// which maps and reads a file many times, with the same calls wanted, in turns.
// It prints the medians and their ratio:
//
//	go run ./tools/internal/trace/bench
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/edsrzf/mmap-go"

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
		{"untraced", program, nil},
		{"strace -f --seccomp-bpf", append([]string{"strace", "-f", "--seccomp-bpf", "-e", "trace=" + wanted, "-o", filepath.Join(dir, "strace")}, program...), nil},
		{"guardtrace", append([]string{self, asGuardtrace, "-e", "trace=" + wanted, "-o", filepath.Join(dir, "guardtrace"), "--"}, program...), nil},
	}
	for range rounds {
		for i := range commands {
			if err := commands[i].run(); err != nil {
				return err
			}
		}
	}
	return report(os.Stdout, commands, rounds, times)
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

func report(w *os.File, commands []command, rounds, times int) error {
	for _, c := range commands {
		if _, err := fmt.Fprintf(w, "%-24s median %8.1f ms, least %8.1f ms\n", c.name, ms(c.median()), ms(slices.Min(c.times))); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "guardtrace / strace: %.2f by medians of %d rounds, %d maps and reads each, trace=%s\n",
		ms(commands[2].median())/ms(commands[1].median()), rounds, times, wanted)
	return err
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
