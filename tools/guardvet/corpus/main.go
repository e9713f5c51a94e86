// Command corpus runs guardvet over public programs that map files, and holds
// what it reports against verdicts.json, where each report was judged by reading
// the code. It fails if there is a report without a verdict, or a verdict without
// a report, or if the table in guardvet's README.md is not the one that follows.
//
//	just vet-corpus
//	just vet-corpus -write    # the table, after a change of verdicts.json
//
// It has a module of its own, outside go.work: what these programs need is not to
// decide what the library is built with.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
)

func main() {
	bin := flag.String("bin", "", "`directory` with the commands guardvet and sites")
	write := flag.Bool("write", false, "write the table to the README")
	flag.Parse()
	if err := run(context.Background(), *bin, *write); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, bin string, write bool) error {
	verdicts, err := readVerdicts("verdicts.json")
	if err != nil {
		return err
	}
	var rows []row
	var problems []error
	for _, p := range programs {
		r, err := p.look(ctx, bin)
		if err != nil {
			return fmt.Errorf("%s: %w", p.module, err)
		}
		fmt.Printf("%s: %d packages, %d calls, %d reports\n", r.name(), r.packages, r.sites, len(r.found))
		problems = append(problems, r.judge(verdicts)...)
		rows = append(rows, r)
	}
	for _, v := range verdicts {
		if !v.used {
			problems = append(problems, fmt.Errorf("the verdict on %s has no report", v.at()))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return err
	}
	return publish(table(rows), write)
}

// look runs the commands over one program.
func (p program) look(ctx context.Context, bin string) (row, error) {
	r := row{program: p}
	found, packages, err := reports(ctx, bin+"/guardvet", p)
	if err != nil {
		return r, err
	}
	sites, _, err := reports(ctx, bin+"/sites", p)
	if err != nil {
		return r, err
	}
	r.found, r.packages, r.sites = found, packages, len(sites)
	r.version, err = output(ctx, "go", "list", "-m", "-f", "{{.Version}}", p.module)
	return r, err
}

// output is what a command writes, without its line feed.
func output(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...) // #nosec G204 -- the commands of this file
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %v: %w", name, args, err)
	}
	return string(slices.Clip(trimLine(out))), nil
}

func trimLine(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\n' {
		return b[:n-1]
	}
	return b
}

// readVerdicts reads the list of judged reports.
func readVerdicts(name string) ([]*verdict, error) {
	text, err := os.ReadFile(name) // #nosec G304 -- a file of this directory
	if err != nil {
		return nil, err
	}
	var list []*verdict
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, v := range list {
		if v.Reason == "" {
			return nil, fmt.Errorf("%s: the verdict on %s gives no reason", name, v.at())
		}
	}
	return list, nil
}
