package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Run says how to run a target.
type Run struct {
	Target  Target
	Program string // the package's tests, built for fuzzing
	Dir     string // to run in: failing inputs go to testdata below it
	Cache   string // the folder of the package's inputs
	Tmp     string // for temporary files
	Time    time.Duration
	Workers int
	Out     io.Writer // what the engine says; nil for nowhere
}

// Outcome is what became of a run.
type Outcome struct {
	Target  Target
	Execs   int64
	New     int64 // inputs that reached something new
	Wall    time.Duration
	CPU     time.Duration // of all processes, the other process included
	Failed  bool
	Input   string // of the failure, as -test.run takes it; may be empty
	Minimal string // the file that it was written to; may be empty
	Log     string
}

// PerCPUSecond is the number of runs in a second of one core's time, which does
// not depend on what else the machine does.
func (o Outcome) PerCPUSecond() float64 { return float64(o.Execs) / max(o.CPU.Seconds(), 1e-9) }

// PerSecond is the number of runs in a second on the clock, of all workers.
func (o Outcome) PerSecond() float64 { return float64(o.Execs) / max(o.Wall.Seconds(), 1e-9) }

// minimizing is how long the engine may look for a shorter input that is as
// good: its own minute would be most of a short run.
const minimizing = 2 * time.Second

// grace is how long after its time a run may go on.
const grace = time.Minute

// Do runs the target. The error means that it could not be run; a failure that
// it found is in the outcome.
func (r Run) Do(ctx context.Context) (Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, r.Time+grace)
	defer cancel()
	cmd := exec.CommandContext(ctx, r.Program,
		"-test.run=^$", "-test.fuzz=^"+r.Target.Name+"$",
		"-test.fuzztime="+r.Time.String(), "-test.fuzzminimizetime="+minimizing.String(),
		"-test.fuzzcachedir="+r.Cache, "-test.parallel="+strconv.Itoa(r.Workers))
	cmd.Dir, cmd.Env = r.Dir, append(os.Environ(), "TMPDIR="+r.Tmp)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	var log bytes.Buffer
	cmd.Stdout = &log
	if r.Out != nil {
		cmd.Stdout = io.MultiWriter(&log, r.Out)
	}
	cmd.Stderr = cmd.Stdout
	cpu, start := orphans(), time.Now()
	err := cmd.Run()
	o := Outcome{Target: r.Target, Wall: time.Since(start), CPU: cpu(), Log: log.String()}
	o.read(r.Dir)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return o, fmt.Errorf("%s: %w\n%s", r.Target.Name, err, o.Log)
	}
	o.Failed = err != nil && !o.endedLate(r)
	if o.Failed && o.Wall >= r.Time && strings.Contains(o.Log, atTheEnd) {
		err = o.verify(ctx, r)
	} else {
		err = nil
	}
	return o, err
}

// atTheEnd is what the engine says of a fuzzing process that died; also of one
// that it has killed itself, because it did not stop within a second of the end,
// as happens on a machine with too much to do.
const atTheEnd = "fuzzing process hung or terminated unexpectedly"

// endedLate tells a run whose end was taken for a failure: until Go 1.27 the
// engine may report its own deadline, and then names no input (go.dev/issue/75804).
func (o *Outcome) endedLate(r Run) bool {
	return o.Wall >= r.Time && o.Input == "" && deadline.MatchString(o.Log)
}

var deadline = regexp.MustCompile(`(?m)^--- FAIL: .*\n    context deadline exceeded\nFAIL$`)

// verify tells a process that died at the end of the run from one that the
// engine killed: the input of the second does no harm.
func (o *Outcome) verify(ctx context.Context, r Run) error {
	if o.Minimal == "" {
		return nil
	}
	fails, _, err := Repeat(ctx, r.Program, r.Dir, r.Tmp, o.Input)
	if err != nil || fails {
		return err
	}
	o.Failed = false
	return os.Remove(o.Minimal)
}

var (
	progress = regexp.MustCompile(`(?m)^fuzz: .*execs: (\d+) .*new interesting: (\d+)`)
	written  = regexp.MustCompile(`Failing input written to (\S+)`)
	ofSeed   = regexp.MustCompile(`failure while testing seed corpus entry: (\S+)`)
)

// read takes the figures from what the engine says.
func (o *Outcome) read(dir string) {
	if lines := progress.FindAllStringSubmatch(o.Log, -1); len(lines) > 0 {
		last := lines[len(lines)-1]
		o.Execs, _ = strconv.ParseInt(last[1], 10, 64)
		o.New, _ = strconv.ParseInt(last[2], 10, 64)
	}
	if m := written.FindStringSubmatch(o.Log); m != nil {
		o.Minimal = filepath.Join(dir, filepath.FromSlash(m[1]))
		o.Input = "^" + o.Target.Name + "$/^" + filepath.Base(m[1]) + "$"
	} else if m := ofSeed.FindStringSubmatch(o.Log); m != nil {
		name, input, _ := strings.Cut(m[1], "/")
		o.Input = "^" + name + "$/^" + input + "$"
	}
}

// Repeat runs a program's tests with a single input, and tells whether they
// fail.
func Repeat(ctx context.Context, program, dir, tmp, input string) (fails bool, log string, err error) {
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "-test.run="+input, "-test.v")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TMPDIR="+tmp)
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return true, string(out), nil
	}
	if err == nil && !bytes.Contains(out, []byte("--- PASS: Fuzz")) {
		err = fmt.Errorf("no test is called %s", input)
	}
	return false, string(out), err
}
