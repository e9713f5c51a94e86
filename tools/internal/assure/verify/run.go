package verify

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/mmapguard/go/tools/internal/assure/model"
)

const (
	// togetherTime is for all tests of a package in one process.
	togetherTime = 10 * time.Minute
	// aloneTime is for one test, unless the options say otherwise.
	aloneTime = time.Minute
	// grace is what a test binary gets to end by itself when its time is up.
	grace = 15 * time.Second
)

// run runs evidence of one package in one process, and reads what go test would
// print with -json.
func (l *lab) run(ctx context.Context, program, folder string, evidence []model.Evidence, limit time.Duration) *testLog {
	ctx, cancel := context.WithTimeout(ctx, limit+grace)
	defer cancel()
	tmp, err := os.MkdirTemp(l.dir, "tmp-")
	if err != nil {
		return &testLog{ended: err}
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	args := []string{"tool", "test2json", "-t"}
	if l.exec != "" {
		args = append(args, l.exec)
	}
	args = append(args, program, "-test.v=test2json", "-test.short", "-test.timeout="+limit.String(), "-test.run="+pattern(evidence))
	cmd := exec.CommandContext(ctx, "go", args...) // #nosec G204 -- the program was just built
	cmd.Dir = filepath.Join(l.subject.Tree.Root, filepath.FromSlash(folder))
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp, "GOOS=", "GOARCH=")
	ownGroup(cmd)
	cmd.WaitDelay = grace
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	ended := cmd.Run()
	if ctx.Err() != nil {
		ended = errors.Join(errTime, ended)
	}
	log := &testLog{ended: ended, stderr: stderr.String()}
	log.read(stdout.Bytes())
	return log
}

var errTime = errors.New("it did not end in time")

// pattern is the expression that selects tests; the parts of a case's ID are
// levels of its own.
func pattern(evidence []model.Evidence) string {
	var tests, groups, cases []string
	for _, e := range evidence {
		if e.Kind == "case" {
			prefix, name, _ := strings.Cut(e.Name, "/")
			groups, cases = append(groups, prefix), append(cases, name)
		} else {
			_, name := cutLast(e.Name, ".")
			tests = append(tests, name)
		}
	}
	if len(cases) > 0 {
		return "^TestConformance$/" + oneOf(groups) + "/" + oneOf(cases)
	}
	return oneOf(tests)
}

func oneOf(names []string) string {
	names = slices.Clone(names)
	slices.Sort(names)
	return "^(" + strings.Join(slices.Compact(names), "|") + ")$"
}

// testLog is what became of the tests of a process.
type testLog struct {
	tests  map[string]*testResult
	all    strings.Builder
	ended  error
	stderr string
}

// testEvent is what this package reads of a line that go test -json prints
// (go doc test2json).
type testEvent struct {
	Action string `json:"Action"`
	Test   string `json:"Test"`
	Output string `json:"Output"`
}

type testResult struct {
	started bool
	action  string // pass, fail, skip
	output  strings.Builder
}

func (t *testLog) read(events []byte) {
	t.tests = map[string]*testResult{}
	scanner := bufio.NewScanner(bytes.NewReader(events))
	scanner.Buffer(nil, 16<<20)
	for scanner.Scan() {
		var event testEvent
		if json.Unmarshal(scanner.Bytes(), &event) != nil {
			continue // not an event: something that a child wrote
		}
		t.all.WriteString(event.Output)
		if event.Test == "" {
			continue
		}
		r := t.tests[event.Test]
		if r == nil {
			r = &testResult{}
			t.tests[event.Test] = r
		}
		switch event.Action {
		case "run":
			r.started = true
		case "pass", "fail", "skip":
			r.action = event.Action
		case "output":
			r.output.WriteString(event.Output)
		}
	}
}

// outcome is that of a piece of evidence: of a test with its subtests, or of
// all runs of a case. Where everything was skipped nothing was tried.
func (t *testLog) outcome(e model.Evidence) Outcome {
	name := "TestConformance/" + e.Name
	if e.Kind != "case" {
		_, name = cutLast(e.Name, ".")
	}
	count := map[string]int{}
	var failure, skip string
	for test, r := range t.tests {
		if test != name && !strings.HasPrefix(test, name+"/") {
			continue
		}
		leaf := !t.hasSubtests(test)
		switch {
		case r.action == "fail":
			count["fail"]++
			if failure == "" || leaf {
				failure = r.output.String()
			}
		case r.action == "" && r.started:
			count["died"]++
		case leaf:
			count[r.action]++
			skip = r.output.String()
		}
	}
	return t.sumUp(count, failure, skip)
}

func (t *testLog) sumUp(count map[string]int, failure, skip string) Outcome {
	all := t.all.String() + t.stderr
	switch {
	case errors.Is(t.ended, errTime) || strings.Contains(all, "panic: test timed out"):
		return Outcome{Status: Hung, Detail: errTime.Error()}
	case count["fail"] > 0:
		return Outcome{Status: Failed, Detail: digest(failure)}
	case count["died"] > 0:
		return Outcome{Status: Failed, Detail: "the process died: " + digest(all)}
	case count["pass"] > 0:
		return Outcome{Status: Passed}
	case count["skip"] > 0:
		return Outcome{Status: Skipped, Detail: digest(skip)}
	case t.ended != nil:
		return Outcome{Status: Failed, Detail: "the process died: " + digest(all)}
	}
	return Outcome{Status: Skipped, Detail: "nothing of it applies here"}
}

func (t *testLog) hasSubtests(name string) bool {
	for other := range t.tests {
		if strings.HasPrefix(other, name+"/") {
			return true
		}
	}
	return false
}

// frame are the lines that say nothing about what happened.
var frame = regexp.MustCompile(`^\s*(===|---|PASS|FAIL|ok|exit status|goroutine \d|$)`)

// digest is the first lines that say something, in one.
func digest(output string) string {
	var said []string
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(strings.TrimLeft(line, "\x16"))
		if frame.MatchString(line) || len(said) == 3 {
			continue
		}
		said = append(said, line)
	}
	text := strings.Join(said, " ")
	if len(text) > 300 {
		text = strings.ToValidUTF8(text[:300], "") + "…"
	}
	return text
}
