package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/filter"
	"github.com/mmapguard/go/tools/internal/trace/output"
	"github.com/mmapguard/go/tools/internal/trace/profile"
	"github.com/mmapguard/go/tools/internal/trace/ptrace"
	"github.com/mmapguard/go/tools/internal/trace/rules"
	"github.com/mmapguard/go/tools/internal/trace/session"
)

const checkLong = `check runs a program and checks the system calls of the packages that the rules
name, as its own line table tells them apart, against those rules. It tells the
first violation with the trace around it, and how often each rule had something
to say: a rule that never had has proved nothing, which --strict makes an error.

With --profile those packages are held to a profile: a process in which they make
a call that is not in it is killed before the kernel carries the call out.

The exit code is 1 if a rule was broken or a call refused, else the program's.`

// checkFlags are those of check.
type checkFlags struct {
	rules   string
	profile string
	collect string
	strict  bool
	silent  []string // rules that --strict does not ask to speak
	json    bool
	output  string
	timeout time.Duration
}

func (a *app) check() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check --rules FILE [flags] -- command...",
		Short: "Check a program's system calls against rules",
		Long:  checkLong,
		Args:  cobra.ArbitraryArgs,
		RunE:  func(_ *cobra.Command, args []string) error { return a.runCheck(&f, args) },
	}
	set := cmd.Flags()
	set.SetInterspersed(false)
	set.StringVar(&f.rules, "rules", "", "`file` with the rules")
	set.StringVar(&f.profile, "profile", "", "`file` with the profile to hold the packages to")
	set.StringVar(&f.collect, "collect", "", "write a profile of what was seen to a `file`; the runtime's calls in it are not complete with --profile")
	set.BoolVar(&f.strict, "strict", false, "fail if a rule had nothing to say")
	set.StringSliceVar(&f.silent, "may-be-silent", nil, "`rules` that may have nothing to say all the same")
	set.BoolVar(&f.json, "json", false, "write JSON")
	set.StringVarP(&f.output, "output", "o", "", "write the findings to a `file` instead of standard error")
	set.DurationVar(&f.timeout, "timeout", 0, "kill the program after this `time` (0: never)")
	return cmd
}

// inspection is what a check consists of.
type inspection struct {
	set       *rules.Set
	checker   *rules.Checker
	holder    *profile.Holder    // nil without a profile
	collector *profile.Collector // nil unless calls are collected
	config    session.Config
	sink      session.Sink
}

// prepare makes an inspection of a command.
func (f *checkFlags) prepare(table *abi.Table, args []string) (*inspection, error) {
	set, err := rules.Load(table, f.rules)
	if err != nil {
		return nil, err
	}
	if err := f.known(set); err != nil {
		return nil, err
	}
	i := &inspection{set: set, checker: rules.NewChecker(set), config: session.Config{
		Command: args, Calls: set.Calls(), Source: true, Through: set.Through(), Identify: true, Lives: true, Timeout: f.timeout,
	}}
	i.sink = i.checker
	if f.profile != "" {
		p, err := profile.Read(f.profile)
		if err != nil {
			return nil, err
		}
		i.holder = profile.NewHolder(p, set.Owners())
		i.sink = session.Both(i.sink, i.holder)
		i.config.Spared = spared(p, set)
	}
	if f.collect != "" {
		i.collector = profile.NewCollector(table.Arch, set.Owners())
		i.sink = session.Both(i.sink, i.collector)
	}
	if i.holder != nil || i.collector != nil {
		i.config.Calls = nil
	}
	return i, nil
}

func (a *app) runCheck(f *checkFlags, args []string) error {
	if f.rules == "" || len(args) == 0 {
		return usageError(errors.New("check: --rules and a command are needed"))
	}
	table, ok := abi.Native()
	if !ok {
		return ptrace.ErrUnavailable
	}
	i, err := f.prepare(table, args)
	if err != nil {
		return usageError(err)
	}
	out, err := run(i.config, i.sink)
	if err := errors.Join(err, i.checker.Err()); err != nil {
		return err
	}
	if err := f.tell(a.err, i); err != nil {
		return err
	}
	if len(i.checker.Violations) > 0 || f.strict && f.unheard(i.set, i.checker) != nil || i.holder != nil && len(i.holder.Refused) > 0 {
		a.code = exitFound
		return nil
	}
	a.code = exitCode(out)
	return nil
}

// tell writes the findings, and what was collected.
func (f *checkFlags) tell(fallback io.Writer, i *inspection) error {
	file, end, err := (&flags{output: f.output}).open(fallback)
	if err != nil {
		return err
	}
	err = errors.Join(f.report(file, i.set, i.checker), refused(file, i.holder), end())
	if i.collector != nil {
		err = errors.Join(err, write(f.collect, i.collector.Profile().WriteJSON))
	}
	return err
}

// spared are the calls that neither the profile nor the rules have anything to
// say about.
func spared(p *profile.Profile, set *rules.Set) filter.Set {
	list := filter.Set{}
	wanted := set.Calls()
	for _, call := range p.Free() {
		if !wanted[call] {
			list[call] = true
		}
	}
	return list
}

// refused tells of calls that were not in the profile.
func refused(w io.Writer, h *profile.Holder) error {
	if h == nil {
		return nil
	}
	for _, e := range h.Refused {
		if _, err := fmt.Fprintln(w, profile.Describe(e)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%d calls were in the profile, %d were not\n", h.Passed, len(h.Refused))
	return err
}

// unheard are the rules that had nothing to say, and should have.
func (f *checkFlags) unheard(set *rules.Set, c *rules.Checker) []string {
	var list []string
	for _, r := range set.Rules() {
		if c.Looked[r.ID] == 0 && !slices.Contains(f.silent, r.ID) {
			list = append(list, r.ID)
		}
	}
	return list
}

// known wants that the rules exist which may be silent.
func (f *checkFlags) known(set *rules.Set) error {
	for _, id := range f.silent {
		if !slices.ContainsFunc(set.Rules(), func(r rules.Rule) bool { return r.ID == id }) {
			return fmt.Errorf("--may-be-silent: %s has no rule %q", f.rules, id)
		}
	}
	return nil
}

// Finding is what check tells of a rule, in JSON.
type Finding struct {
	Rule        string `json:"rule"`
	Requirement string `json:"requirement,omitempty"`
	Text        string `json:"text"`
	Looked      int    `json:"looked"` // how often it had something to say
	Broken      int    `json:"broken"` // how often it was broken
	// Reason and Trace are those of the first time.
	Reason string          `json:"reason,omitempty"`
	Trace  []output.Record `json:"trace,omitempty"`
}

func (f *checkFlags) report(w io.Writer, set *rules.Set, c *rules.Checker) error {
	if f.json {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(findings(set, c))
	}
	if len(c.Violations) > 0 {
		if _, err := io.WriteString(w, c.Violations[0].String()); err != nil {
			return err
		}
	}
	for _, finding := range findings(set, c) {
		if _, err := fmt.Fprintf(w, "%-32s looked at %6d, broken %d\n", finding.Rule, finding.Looked, finding.Broken); err != nil {
			return err
		}
	}
	return nil
}

func findings(set *rules.Set, c *rules.Checker) []Finding {
	var list []Finding
	for _, r := range set.Rules() {
		found := Finding{Rule: r.ID, Requirement: r.Requirement, Text: r.Text, Looked: c.Looked[r.ID], Broken: c.Broken[r.ID]}
		for _, v := range c.Violations {
			if v.Rule.ID == r.ID {
				found.Reason = v.Reason
				for _, e := range v.Around {
					found.Trace = append(found.Trace, output.RecordOf(e))
				}
			}
		}
		list = append(list, found)
	}
	return list
}
