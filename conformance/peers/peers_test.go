package peers

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestHazards runs the whole comparison. What happens to the peers is printed;
// what is asserted is what mmapguard promises, and that the hazards are real.
func TestHazards(t *testing.T) {
	report := compare(t)
	var table strings.Builder
	if err := report.WriteText(&table); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + table.String())
	t.Run("every cell has a verdict", func(t *testing.T) { checkCells(t, report) })
	t.Run("mmapguard keeps its promises", func(t *testing.T) {
		for _, v := range report.Violations() {
			t.Error(v)
		}
	})
	t.Run("the control crashes", func(t *testing.T) { checkControl(t, report) })
	t.Run("the judge bites", func(t *testing.T) { checkJudge(t, report) })
	t.Run("the same table in Markdown", func(t *testing.T) { checkMarkdown(t, report) })
}

// compare runs children without the race detector: what it would print about
// the peers' races is not what happens to programs.
func compare(t *testing.T) *Report {
	t.Helper()
	dir := t.TempDir()
	child := filepath.Join(dir, "hazards.exe")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", child, Command).CombinedOutput(); err != nil {
		t.Fatalf("building the child: %v\n%s", err, out)
	}
	r := Runner{Program: child, Dir: dir, Timeout: 20 * time.Second, Parallel: 8}
	report, err := r.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "hazards-*")); err != nil || len(left) > 0 {
		t.Errorf("the comparison left %v behind (%v)", left, err)
	}
	return report
}

func checkCells(t *testing.T, r *Report) {
	t.Helper()
	verdicts := []Verdict{Fine, Failed, Wrong, Crashed, Hung, Absent, Skipped}
	for _, h := range r.Hazards {
		for _, p := range r.Peers {
			o, ok := r.Of(h.ID, p.Name)
			if !ok || !slices.Contains(verdicts, o.Verdict) || o.Cell == "" || o.Detail == "" {
				t.Errorf("%s against %s: no verdict in %+v", h.ID, p.Name, o)
			}
			if o.Verdict == Skipped && !maySkip(h.ID) {
				t.Errorf("%s against %s was skipped: %s", h.ID, p.Name, o.Detail)
			}
		}
	}
	for _, p := range r.Peers {
		if p.Version == "" {
			t.Errorf("the version of %s (%s) is not in the program", p.Name, p.Module)
		}
	}
}

// maySkip lists what takes more than a directory to stage.
func maySkip(hazard string) bool {
	if hazard == "io-error" {
		_, err := os.Stat("/dev/fuse")
		return err != nil || os.Getuid() != 0
	}
	if hazard == "size-32-bit" {
		return runtime.GOOS != "linux" || runtime.GOARCH != "amd64"
	}
	return runtime.GOOS != "linux"
}

// checkControl makes sure that the hazards would be noticed: system calls with
// no protection have to die of them.
func checkControl(t *testing.T, r *Report) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the control is known for Linux only")
	}
	if o, _ := r.Of("truncate", rawName); o.Verdict != Crashed || o.Cell != "SIGBUS" {
		t.Errorf("raw system calls over a truncated file: %+v, want a crash by SIGBUS", o)
	}
}

// checkJudge gives mmapguard's columns what happened to the raw system calls,
// and wants every hazard that hurt them to be called a violation.
func checkJudge(t *testing.T, r *Report) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("there are no raw system calls to compare with")
	}
	forged := &Report{Hazards: r.Hazards}
	for _, h := range r.Hazards {
		o, _ := r.Of(h.ID, rawName)
		o.Peer = cooperativeName
		forged.Outcomes = append(forged.Outcomes, o)
		hurt := o.Verdict == Crashed || o.Verdict == Wrong || o.Verdict == Hung
		if noticed := o.problem() != ""; noticed != hurt && !knownLimit(h.ID) {
			t.Errorf("%s: outcome %+v, called a violation: %v", h.ID, o, noticed)
		}
	}
	if len(forged.violationsOf(cooperativeName)) == 0 {
		t.Error("a report full of crashes was accepted")
	}
	if len(forged.violationsOf(enforcedName)) != len(r.Hazards) {
		t.Error("a report without a column was accepted")
	}
}

func knownLimit(hazard string) bool {
	return slices.ContainsFunc(limits, func(l limit) bool {
		return l.hazard == hazard && l.peer == cooperativeName
	})
}

func checkMarkdown(t *testing.T, r *Report) {
	t.Helper()
	var b strings.Builder
	if err := r.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	for _, h := range r.Hazards {
		row := "| " + h.ID + " |"
		for _, p := range r.Peers {
			o, _ := r.Of(h.ID, p.Name)
			row += " " + escape(o.Cell) + " |"
		}
		if !strings.Contains(b.String(), row+"\n") {
			t.Errorf("no row %q in\n%s", row, b.String())
		}
	}
}

// TestChildSaysWhatIsWrong starts children with arguments that make no sense.
func TestChildSaysWhatIsWrong(t *testing.T) {
	for _, args := range [][]string{nil, {"truncate", rawName}, {"none", rawName, "f"}, {"truncate", "none", "f"}} {
		if err := Child(args, nil, nil); err == nil {
			t.Errorf("Child(%q) had no objection", args)
		}
	}
}

// TestRunStops wants a cancelled comparison to end with an error, and not with
// a table of children that were killed.
func TestRunStops(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (Runner{Program: self, Dir: t.TempDir(), Timeout: time.Minute}).Run(ctx); err == nil {
		t.Error("a cancelled run reported success")
	}
}
