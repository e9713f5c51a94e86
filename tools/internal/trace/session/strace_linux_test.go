//go:build amd64 || arm64

package session_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/mmapguard/go/tools/internal/trace/session"
)

// How often a program waits, or reads from a pipe, and which of its threads
// runs what, is chance: where there are several processes or threads, calls that
// depend on it are left out.
const (
	whole       = "all"
	several     = "all,!read,!write,!poll,!ppoll,!wait4,!futex,!rt_sigreturn,!restart_syscall,!close,!rt_sigprocmask,!brk,!munmap,!madvise,!pselect6,!clock_nanosleep,!sched_yield"
	ofGo        = "openat,execve,pread64,flock,newfstatat,fstat,readlinkat,unlinkat,mkdirat,exit_group"
	perProcess  = true
	perThread   = false
	mostRetries = 3
)

// compared are real programs.
var compared = []struct {
	name    string
	trace   string
	grouped bool
	command string // for sh, in a directory of its own; it execs the program
}{
	{"ls", whole, perThread, `exec ls -lR /etc/apt /usr/share/doc/bash .`},
	{"cat", whole, perThread, `exec cat words`},
	{"sort", whole, perThread, `exec sort --parallel=1 words`},
	{"tar", whole, perThread, `exec tar cf out.tar words`},
	{"gzip", whole, perThread, `exec gzip -c words`},
	{"find", whole, perThread, `exec find . /etc -name '*.conf'`},
	{"/usr/bin/python3", whole, perThread, `PYTHONHASHSEED=0 exec /usr/bin/python3 -S -c 'import json, os; print(json.dumps(os.listdir("/")))'`},
	{"git", several, perThread, `exec git -c core.preloadIndex=false status --short`},
	{"pipeline", several, perThread, `cat words | sort | uniq -c | wc -l`},
	{"failing", whole, perThread, `exec cat missing`},
	{"go", ofGo, perProcess, `exec "$SELF" words words`},
}

// TestLikeStrace traces the same programs with strace: the same calls have to
// come in the same order, with the same answers as far as those are errors.
func TestLikeStrace(t *testing.T) {
	needPtrace(t)
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skipf("strace is not installed: %v", err)
	}
	dir := scene(t)
	for _, c := range compared {
		t.Run(c.name, func(t *testing.T) {
			if _, err := exec.LookPath(c.name); err != nil && !slices.Contains([]string{"pipeline", "failing", "go"}, c.name) {
				t.Skipf("%v", err)
			}
			var theirs, ours []string
			for range mostRetries {
				theirs = byStrace(t, dir, c.trace, c.grouped, c.command)
				ours = bySession(t, dir, c.trace, c.grouped, c.command)
				if slices.Equal(theirs, ours) {
					break
				}
			}
			diff(t, theirs, ours)
		})
	}
}

func diff(t *testing.T, theirs, ours []string) {
	t.Helper()
	calls := 0
	for i := range min(len(theirs), len(ours)) {
		calls += strings.Count(ours[i], " ")
		if theirs[i] != ours[i] {
			t.Errorf("strace saw\n%s\nand guardtrace\n%s", theirs[i], ours[i])
		}
	}
	if len(theirs) != len(ours) {
		t.Errorf("strace saw %d threads, guardtrace %d", len(theirs), len(ours))
	}
	t.Logf("%d threads, %d calls", len(ours), calls)
}

// scene is a directory for the programs to work in.
func scene(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	text := strings.Repeat("one\nthree\ntwo\n", 3000)
	if err := os.WriteFile(filepath.Join(dir, "words"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
		t.Logf("git: %v: %s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("SELF", self)
	t.Setenv("PWD", dir) // which the shell looks at
	t.Setenv(programVar, "")
	return dir
}

// shell gives the program the same files under both, and keeps one that is
// written in Go from asking again how many processors it may have. The runtime's
// monitor thread does that when it first wakes, and whether that is before the
// program ends is chance (https://pkg.go.dev/runtime#GOMAXPROCS, Updates).
const shell = "exec </dev/null 2>/dev/null; export GODEBUG=updatemaxprocs=0 " + programVar + "=read-files; "

// bySession lists the calls of each thread, or process, one after the other.
func bySession(t *testing.T, dir, calls string, grouped bool, command string) []string {
	t.Helper()
	r := &record{}
	_, err := session.Run(session.Config{
		Command: []string{"sh", "-c", shell + command}, Dir: dir, Stdout: null(t), Calls: set(t, calls),
	}, r)
	if err != nil {
		t.Fatal(err)
	}
	threads := map[string]*strings.Builder{}
	for _, e := range r.calls(0) {
		key := fmt.Sprint(e.TID)
		if grouped {
			key = fmt.Sprint(e.PID)
		}
		add(threads, key, e.Name, e.Errno)
	}
	return sequences(threads)
}

var (
	straceLine = regexp.MustCompile(`^(\d+) +(\w+)\(`)
	resumed    = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>`)
	errnoText  = regexp.MustCompile(` = (?:-1|\?) (E\w+)`)
)

// byStrace does the same with strace. Answers to calls that another thread has
// interrupted come later.
func byStrace(t *testing.T, dir, calls string, grouped bool, command string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "trace")
	cmd := exec.Command("strace", "-f", "-qq", "-e", "signal=none", "-e", "trace="+strip(calls), "-o", file, "sh", "-c", shell+command)
	cmd.Dir = dir
	_ = cmd.Run() // the program's own failure is one of the cases
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	threads := map[string]*strings.Builder{}
	for line := range strings.Lines(string(text)) {
		key, name, unfinished := parse(line)
		if name == "" || unfinished {
			continue
		}
		if grouped {
			key = "all"
		}
		add(threads, key, name, errno(line))
	}
	return sequences(threads)
}

func parse(line string) (key, name string, unfinished bool) {
	m := straceLine.FindStringSubmatch(line)
	if m == nil {
		m = resumed.FindStringSubmatch(line)
	}
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], strings.Contains(line, "<unfinished ...>")
}

func errno(line string) string {
	m := errnoText.FindStringSubmatch(line)
	if m == nil {
		return ""
	}
	return m[1]
}

// strip turns "all,!a,!b" into what strace understands.
func strip(calls string) string {
	if rest, ok := strings.CutPrefix(calls, "all,!"); ok {
		return "!" + strings.ReplaceAll(rest, "!", "")
	}
	return calls
}

// synonyms are errors of which strace knows the other name.
var synonyms = map[string]string{"EOPNOTSUPP": "ENOTSUP"}

func add(threads map[string]*strings.Builder, key, name, errno string) {
	if threads[key] == nil {
		threads[key] = &strings.Builder{}
	}
	if other, ok := synonyms[errno]; ok {
		errno = other
	}
	if errno != "" {
		errno = "=" + errno
	}
	fmt.Fprintf(threads[key], "%s%s ", name, errno)
}

// sequences leaves out which thread was which: numbers differ from run to run.
func sequences(threads map[string]*strings.Builder) []string {
	var list []string
	for _, b := range threads {
		list = append(list, b.String())
	}
	slices.Sort(list)
	return list
}
