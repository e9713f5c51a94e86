package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

const benchmarks = "github.com/mmapguard/go/conformance/bench"

// plan is how to run the benchmarks.
type plan struct {
	rounds, scanMiB, open int
	benchtime, dir, out   string
}

// execute builds the benchmarks and runs them round by round. The -count of go
// test would run each of them several times in a row, and a disturbance of some
// seconds would then hit one side of a ratio only.
func (p plan) execute(s *samples, messages *log.Logger) (err error) {
	work, err := os.MkdirTemp("", "ratios-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	if p.dir == "" {
		p.dir = work
	}
	ctx := context.Background()
	binary := filepath.Join(work, "bench.test")
	// #nosec G204 -- its arguments are constants but for a name made above
	if _, err := output(exec.CommandContext(ctx, "go", "test", "-c", "-o", binary, benchmarks)); err != nil {
		return err
	}
	var all bytes.Buffer
	for round := range p.rounds {
		messages.Printf("round %d of %d", round+1, p.rounds)
		out, err := output(p.command(ctx, binary))
		if err != nil {
			return err
		}
		all.Write(out)
	}
	if p.out != "" {
		if err := os.WriteFile(p.out, all.Bytes(), 0o600); err != nil {
			return err
		}
	}
	return s.read(&all, "benchmarks")
}

func (p plan) command(ctx context.Context, binary string) *exec.Cmd {
	// #nosec G204 -- the binary is the one that execute has built
	return exec.CommandContext(ctx, binary, "-test.run=^$", "-test.bench=.",
		"-test.benchtime="+p.benchtime, "-data="+p.dir,
		"-scan="+strconv.Itoa(p.scanMiB), "-open="+strconv.Itoa(p.open))
}

// output runs a command; its error carries what the command said.
func output(cmd *exec.Cmd) ([]byte, error) {
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s%s", cmd, err, out, stderr.Bytes())
	}
	return out, nil
}
