package broken

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// observedCases are run under the rules on every build: they open, read and
// close files with every mechanism, and fail to open some.
const observedCases = "SR-7/no-descriptor-left-after-failures|SR-7/no-mapping-left|SR-5/limits-before-map|SR-3/cannot-be-made-writable"

// finding is what guardtrace tells of a rule.
type finding struct {
	Rule   string `json:"rule"`
	Looked int    `json:"looked"`
	Broken int    `json:"broken"`
}

// cloneRule speaks wherever a file was cloned.
const cloneRule = "cloned-from-secured"

// Observe runs the unchanged library under the rules, which it has to keep, and
// then every mutation that one of them is made for. The outcomes tell the rules
// that were broken. Another rule than the one meant may be broken as well, but
// not instead.
func Observe(ctx context.Context, opts Options) (outcomes []Outcome, err error) {
	w, err := newWorkshop(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(w.dir)) }()
	sound, looked := w.observe(ctx, opts.Tracer, Mutation{Name: "unchanged"})
	if sound.Err != nil || len(sound.Caught) > 0 {
		return nil, fmt.Errorf("the unchanged library breaks rules: %q, %w", sound.Caught, sound.Err)
	}
	for _, m := range Mutations() {
		if m.Rule == "" || opts.Run != nil && !opts.Run.MatchString(m.Name) {
			continue
		}
		o := Outcome{Mutation: m, LeftOut: "the file system of the temporary directory makes no clones"}
		if !m.Clones || looked[cloneRule] > 0 {
			o, _ = w.observe(ctx, opts.Tracer, m)
			if o.Missed() {
				o.Err = fmt.Errorf("rule %s is not broken, but %q are", m.Rule, o.Caught)
			}
		}
		outcomes = append(outcomes, o)
		if opts.Progress != nil {
			opts.Progress(o)
		}
	}
	return outcomes, nil
}

// observe builds the suite with a broken library, and runs a part of it under
// the rules. What is expected, in the outcome, is the rule. It also returns how
// often each rule had something to say.
func (w *workshop) observe(ctx context.Context, tracer string, m Mutation) (o Outcome, looked map[string]int) {
	start := time.Now()
	m.Expect = m.Rule
	o = Outcome{Mutation: m}
	dir := filepath.Join(w.dir, "0")
	program, err := w.build(ctx, dir, m)
	if err == nil {
		o.Caught, looked, err = w.check(ctx, tracer, program, dir)
	}
	o.Err, o.Seconds = err, time.Since(start).Seconds()
	return o, looked
}

// check runs the suite under guardtrace, and returns the rules that were broken,
// and how often each spoke. What the cases themselves notice is not of interest
// here.
func (w *workshop) check(ctx context.Context, tracer, program, dir string) (broken []string, looked map[string]int, err error) {
	file := filepath.Join(dir, "findings.json")
	cmd := exec.CommandContext(ctx, tracer, "check", "--json", "-o", file, "--rules", filepath.Join(w.suite, "rules", "library.yaml"),
		"--", program, "--dir", dir, "--run", "^("+observedCases+")$")
	said, runErr := cmd.CombinedOutput()
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, errors.Join(err, runErr, errors.New(strings.TrimSpace(string(said))))
	}
	var findings []finding
	if err := json.Unmarshal(text, &findings); err != nil {
		return nil, nil, err
	}
	looked, all := map[string]int{}, 0
	for _, f := range findings {
		looked[f.Rule] = f.Looked
		all += f.Looked
		if f.Broken > 0 {
			broken = append(broken, f.Rule)
		}
	}
	if all == 0 {
		return nil, nil, fmt.Errorf("no rule had anything to say: %s", said)
	}
	return broken, looked, nil
}
