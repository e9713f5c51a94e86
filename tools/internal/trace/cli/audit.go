package cli

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/output"
	"github.com/mmapguard/go/tools/internal/trace/ptrace"
	"github.com/mmapguard/go/tools/internal/trace/rules"
	"github.com/mmapguard/go/tools/internal/trace/session"
)

//go:embed audit.yaml
var auditRules []byte

const auditLong = `audit runs a program and lists the mappings of files that it makes without a lock,
writable and shared, from a writable descriptor, or beyond the file's end. What
the dynamic linker maps in order to execute it is left out, unless --all is given.

The exit code is 1 if there are any, else the program's.`

// auditFlags are those of audit.
type auditFlags struct {
	all     bool
	json    bool
	output  string
	timeout time.Duration
}

func (a *app) audit() *cobra.Command {
	var f auditFlags
	cmd := &cobra.Command{
		Use:   "audit [flags] -- command...",
		Short: "List the risky mappings of files that a program makes",
		Long:  auditLong,
		Args:  cobra.ArbitraryArgs,
		RunE:  func(_ *cobra.Command, args []string) error { return a.runAudit(&f, args) },
	}
	set := cmd.Flags()
	set.SetInterspersed(false)
	set.BoolVar(&f.all, "all", false, "list what the dynamic linker maps as well")
	set.BoolVar(&f.json, "json", false, "write JSON lines")
	set.StringVarP(&f.output, "output", "o", "", "write to a `file` instead of standard error")
	set.DurationVar(&f.timeout, "timeout", 0, "kill the program after this `time` (0: never)")
	return cmd
}

// Risk is a mapping, and what is wrong with it.
type Risk struct {
	Mapping output.Record `json:"mapping"`
	Risks   []string      `json:"risks"` // the rules' ids
	Times   int           `json:"times"` // how often the same was mapped by the same line in the same way
	call    *event.Event
	texts   []string
}

func (a *app) runAudit(f *auditFlags, args []string) error {
	if len(args) == 0 {
		return usageError(errors.New("audit: a command is needed"))
	}
	table, ok := abi.Native()
	if !ok {
		return ptrace.ErrUnavailable
	}
	set, err := rules.Parse(table, auditRules)
	if err != nil {
		return err
	}
	var risks []*Risk
	checker := rules.NewChecker(set)
	checker.Every = func(r rules.Rule, e *event.Event) {
		if f.all || !linked(e) {
			risks = addRisk(risks, r, e)
		}
	}
	out, err := run(session.Config{
		Command: args, Calls: set.Calls(), Source: true, Identify: true, Lives: true, Timeout: f.timeout,
	}, checker)
	if err := errors.Join(err, checker.Err()); err != nil {
		return err
	}
	file, end, err := (&flags{output: f.output}).open(a.err)
	if err != nil {
		return err
	}
	risks = grouped(risks)
	if err := errors.Join(f.list(file, risks, checker.Looked["no-lock"]), end()); err != nil {
		return err
	}
	if len(risks) > 0 {
		a.code = exitFound
		return nil
	}
	a.code = exitCode(out)
	return nil
}

// linked tells a mapping that the dynamic linker has made, whose file is called
// ld-linux-x86-64.so.2, ld-musl-x86_64.so.1 and the like.
func linked(e *event.Event) bool { return strings.HasPrefix(filepath.Base(e.Object), "ld-") }

// addRisk puts what several rules say of one mapping together.
func addRisk(risks []*Risk, r rules.Rule, e *event.Event) []*Risk {
	if len(risks) == 0 || risks[len(risks)-1].call != e {
		risks = append(risks, &Risk{Mapping: output.RecordOf(e), call: e})
	}
	last := risks[len(risks)-1]
	last.Risks, last.texts = append(last.Risks, r.ID), append(last.texts, r.Text)
	return risks
}

// grouped puts mappings together that differ in nothing but the moment.
func grouped(risks []*Risk) []*Risk {
	first := map[string]*Risk{}
	var list []*Risk
	for _, r := range risks {
		key := fmt.Sprint(r.call.Call(), r.call.Source, r.Risks)
		if first[key] == nil {
			first[key] = r
			list = append(list, r)
		}
		first[key].Times++
	}
	return list
}

func (f *auditFlags) list(w io.Writer, risks []*Risk, mappings int) error {
	if f.json {
		encoder := json.NewEncoder(w)
		for _, r := range risks {
			if err := encoder.Encode(r); err != nil {
				return err
			}
		}
		return nil
	}
	for _, r := range risks {
		if _, err := fmt.Fprintf(w, "[pid %d] %s = %s  %s\n", r.call.PID, r.call.Call(), r.call.Result(), r.call.Source); err != nil {
			return err
		}
		if r.Times > 1 {
			if _, err := fmt.Fprintf(w, "    %d times\n", r.Times); err != nil {
				return err
			}
		}
		for i, id := range r.Risks {
			if _, err := fmt.Fprintf(w, "    %s: %s\n", id, r.texts[i]); err != nil {
				return err
			}
		}
	}
	risky := 0
	for _, r := range risks {
		risky += r.Times
	}
	_, err := fmt.Fprintf(w, "%d of %d mappings of files are risky (the linker's are not listed without --all)\n", risky, mappings)
	return err
}
