//go:build amd64 || arm64

package session_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/filter"
	"github.com/mmapguard/go/tools/internal/trace/ptrace"
	"github.com/mmapguard/go/tools/internal/trace/session"
)

func textFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), `file with "quotes"`)
	if err := os.WriteFile(name, []byte("some text"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// find returns the first call that is as wanted.
func find(t *testing.T, r *record, what string, wanted func(*event.Event) bool) *event.Event {
	t.Helper()
	for _, e := range r.calls(0) {
		if wanted(e) {
			return e
		}
	}
	t.Fatalf("no %s among %d calls", what, len(r.calls(0)))
	return nil
}

// What the library does to a file is seen with every argument in words.
func TestArguments(t *testing.T) {
	name := textFile(t)
	c := program(t, "read-files", name)
	c.Source, c.Identify = true, true
	r := trace(t, c)
	open := find(t, r, "open", func(e *event.Event) bool { return e.Name == "openat" && e.Args[1].Path == name })
	if want := fmt.Sprintf("openat(AT_FDCWD, %q, O_RDONLY|O_CLOEXEC|O_NOCTTY|O_NONBLOCK)", name); open.Call() != want {
		t.Errorf("the call is %s, want %s", open.Call(), want)
	}
	if open.RetFile == nil || open.RetFile.Path != name || open.RetFile.Writable {
		t.Errorf("it returned %+v", open.RetFile)
	}
	if !strings.HasSuffix(open.Owner, "/mmapguard") || !strings.Contains(open.Source, "open.go:") {
		t.Errorf("it was made by %q in %q", open.Source, open.Owner)
	}
	mapped := find(t, r, "map", func(e *event.Event) bool { return e.Name == "mmap" && e.File() != nil && e.File().Path == name })
	if file := mapped.File(); !file.Known || file.Size != 9 || !file.Regular || file.Nameless {
		t.Errorf("the file mapped is %+v", file)
	}
	if want := fmt.Sprintf("mmap(NULL, 9, PROT_READ, MAP_SHARED, %d<%s>, 0)", open.Ret, name); mapped.Call() != want {
		t.Errorf("the call is %s, want %s", mapped.Call(), want)
	}
	if !strings.HasPrefix(mapped.RetText, "0x") || mapped.Dur <= 0 || mapped.At <= open.At {
		t.Errorf("its answer is %s, after %v, at %v", mapped.RetText, mapped.Dur, mapped.At)
	}
	lock := find(t, r, "lock", func(e *event.Event) bool { return e.Name == "flock" })
	if lock.Args[1].Text != "LOCK_NB|LOCK_SH" {
		t.Errorf("the lock is %s", lock.Call())
	}
}

// Answers that consist of flags are taken apart; what is cloned is a file.
func TestAnswers(t *testing.T) {
	name := textFile(t)
	c := program(t, "ask-of-files", name)
	c.Calls, c.Identify = set(t, "fcntl,statx,ioctl"), true
	r := trace(t, c)
	seals := find(t, r, "seals", func(e *event.Event) bool { return e.Name == "fcntl" && e.Args[1].Text == "F_GET_SEALS" })
	if want := []string{"F_SEAL_GROW", "F_SEAL_SHRINK"}; !slices.Equal(seals.Answer, want) {
		t.Errorf("the seals are %q, want %q", seals.Answer, want)
	}
	root := find(t, r, "statx", func(e *event.Event) bool { return e.Name == "statx" && e.Args[1].Path == "/" })
	if !slices.Contains(root.Answer, "STATX_ATTR_MOUNT_ROOT") {
		t.Errorf("the attributes of / are %q", root.Answer)
	}
	clone := find(t, r, "clone", func(e *event.Event) bool { return e.Name == "ioctl" && e.Args[1].Text == "FICLONE" })
	if source := clone.Args[2].File; source == nil || source.Path != name || clone.File().Path == name {
		t.Errorf("the clone is %s", clone.Call())
	}
}

// picky wants the answers of one system call only.
type picky struct{ *record }

func (picky) Answers(e *event.Event) bool { return e.Name == "flock" }

// Calls whose answers are not wanted are told once, as they begin; those that are
// spared are not told of.
func TestPickySink(t *testing.T) {
	for _, noSeccomp := range []bool{false, true} {
		t.Run(fmt.Sprintf("no seccomp %v", noSeccomp), func(t *testing.T) {
			c := program(t, "read-files", textFile(t))
			c.NoSeccomp, c.Spared = noSeccomp, set(t, "openat,futex")
			begun := map[string]int{}
			r := &record{begin: func(e *event.Event) bool { begun[e.Name]++; return true }}
			if out, err := session.Run(c, picky{r}); err != nil || out.Status != 0 {
				t.Fatal(out, err)
			}
			if begun["openat"] > 0 || begun["flock"] != 2 || begun["mmap"] == 0 {
				t.Errorf("begun were %v", begun)
			}
			for _, e := range r.calls(0) {
				if e.Name != "flock" || !e.Done {
					t.Errorf("told of %s, answered: %v", e.Call(), e.Done)
				}
			}
		})
	}
}

// Only what is wanted is seen, whichever way the program is stopped.
func TestFilter(t *testing.T) {
	for _, noSeccomp := range []bool{false, true} {
		t.Run(fmt.Sprintf("no seccomp %v", noSeccomp), func(t *testing.T) {
			c := program(t, "read-files", textFile(t))
			c.NoSeccomp, c.Calls = noSeccomp, set(t, "flock,execve")
			r := trace(t, c)
			var names []string
			for _, e := range r.calls(0) {
				names = append(names, e.Name)
			}
			// The lock and the unlock, after the program's start.
			if want := []string{"execve", "flock", "flock"}; !slices.Equal(names, want) {
				t.Errorf("the calls are %q, want %q", names, want)
			}
		})
	}
}

func TestCondition(t *testing.T) {
	c := program(t, "read-files", textFile(t))
	table, _ := abi.Native()
	var err error
	c.Condition, err = filter.ParseCondition(table, `syscall == "mmap" && "PROT_WRITE" not in flags && "MAP_SHARED" in flags && ok`)
	if err != nil {
		t.Fatal(err)
	}
	if calls := trace(t, c).calls(0); len(calls) != 1 {
		t.Errorf("%d calls, want 1", len(calls))
	}
}

// A program whose life depends on signals lives as it would.
func TestSignalsArrive(t *testing.T) {
	for _, noSeccomp := range []bool{false, true} {
		for name, args := range map[string][]string{
			"live-on-bus": {textFile(t)}, "many-threads": nil, "signal-self": nil,
		} {
			t.Run(name, func(t *testing.T) {
				c := program(t, name, args...)
				c.Signals, c.NoSeccomp = true, noSeccomp
				if name == "live-on-bus" && noSeccomp {
					c.Command[1] = textFile(t)
				}
				r := trace(t, c)
				if name == "live-on-bus" {
					n := 0
					for _, e := range r.events {
						if e.Kind == event.Signal && e.Name == "SIGBUS" && strings.Contains(e.Detail, "si_addr=0x") {
							n++
						}
					}
					if n != 100 {
						t.Errorf("%d signals were seen, want 100", n)
					}
				}
			})
		}
	}
}

// Code that a signal interrupts did not make the call that ends the signal, which
// with cgo and the race detector is made by the C library, without a name.
func TestEndOfSignalIsNobodysCall(t *testing.T) {
	c := program(t, "live-on-bus", textFile(t))
	c.Source, c.Calls = true, set(t, "rt_sigreturn")
	calls := trace(t, c).calls(0)
	if len(calls) < 100 {
		t.Errorf("%d signals ended, want one for each of 100 faults", len(calls))
	}
	for _, e := range calls {
		if e.Owner != "" || e.Source != "" {
			t.Fatalf("rt_sigreturn of %q in %s", e.Owner, e.Source)
		}
	}
}

func TestOutcome(t *testing.T) {
	c := program(t, "die", "exit")
	if out, err := session.Run(c, &record{}); err != nil || out.Status != 7 || out.Signal != 0 {
		t.Errorf("%+v, %v; want status 7", out, err)
	}
	c = program(t, "die", "kill")
	if out, err := session.Run(c, &record{}); err != nil || out.Signal != int(syscall.SIGKILL) {
		t.Errorf("%+v, %v; want SIGKILL", out, err)
	}
	for name, want := range map[string]error{"/no/such/program": unix.ENOENT, textFile(t): unix.EACCES, "no-such-program": unix.ENOENT} {
		if _, err := session.Run(session.Config{Command: []string{name}}, &record{}); !errors.Is(err, want) || !errors.Is(err, ptrace.ErrStart) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
}

// Stops are waited for, so that a signal for each would only cost time: SIGCHLD
// tells of the ends alone.
func TestStopsSendNoSignal(t *testing.T) {
	c := program(t, "nothing")
	c.Lives = true
	const most = 1 << 10
	signals := make(chan os.Signal, most)
	signal.Notify(signals, syscall.SIGCHLD)
	defer signal.Stop(signals)
	r := trace(t, c)
	ends := 0
	for _, e := range r.events {
		if e.Kind == event.Death {
			ends++
		}
	}
	if calls := len(r.calls(0)); calls < 10*ends {
		t.Fatalf("%d calls and %d ends: nothing to tell apart", calls, ends)
	}
	if got := len(signals); got > ends {
		t.Errorf("SIGCHLD came %d times, of %d ends", got, ends)
	}
}

// The program gets no signal that it would not get without the trace: none from
// the process that it was before it was executed.
func TestNoSignalOfTheTracers(t *testing.T) {
	needPtrace(t)
	need(t, "true")
	const often = 60 // a signal that came once in three times is as good as found
	for range often {
		r := trace(t, session.Config{Command: []string{"true"}, Calls: filter.Set{"openat": true}, Signals: true})
		for _, e := range r.events {
			if e.Kind == event.Signal {
				t.Fatalf("%s {%s}", e.Name, e.Detail)
			}
		}
	}
}

// A call without an answer is told as well.
func TestLastCall(t *testing.T) {
	c := program(t, "die", "exit")
	r := &record{}
	if _, err := session.Run(c, r); err != nil {
		t.Fatal(err)
	}
	last := r.calls(0)[len(r.calls(0))-1]
	exit := find(t, r, "exit_group", func(e *event.Event) bool { return e.Name == "exit_group" })
	if exit.Done || exit.Result() != "?" || exit.Call() != "exit_group(7)" {
		t.Errorf("the last call is %s = %s", last.Call(), last.Result())
	}
}

// alive tells whether a process is there and not a zombie.
func alive(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(text), ") Z ")
}

// state is the letter of proc_pid_stat(5): S sleeps, T is stopped, t is stopped
// by a tracer.
func state(pid int) string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	return rest[:1]
}

// await waits for a condition as long as the test may take.
func await(t *testing.T, what string, condition func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !condition() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not so after 20 s", what)
		}
		time.Sleep(time.Millisecond)
	}
}

// What was started ends when the time is over, with all that it has started.
func TestTimeoutLeavesNothing(t *testing.T) {
	needPtrace(t)
	need(t, "sh", "sleep")
	r := &record{}
	out, err := session.Run(session.Config{
		Command: []string{"sh", "-c", "sleep 1000 & sleep 1001 & exec sleep 1002"},
		Lives:   true, Timeout: 500 * time.Millisecond,
	}, r)
	if err != nil || !out.TimedOut || out.Signal != int(syscall.SIGKILL) {
		t.Errorf("%+v, %v", out, err)
	}
	pids := map[int]bool{}
	for _, e := range r.events {
		pids[e.PID] = true
	}
	if len(pids) != 3 {
		t.Errorf("%d processes were seen, want 3", len(pids))
	}
	for pid := range pids {
		if alive(pid) {
			t.Errorf("process %d is left, in state %s", pid, state(pid))
		}
	}
}

// Nor is one left that came to be while the others were being killed.
func TestTimeoutLeavesNoNewborn(t *testing.T) {
	needPtrace(t)
	need(t, "sh", "sleep")
	r := &record{}
	out, err := session.Run(session.Config{
		Command: []string{"sh", "-c", "while :; do (while :; do sleep 1000 & done) & sleep 1000 & done"},
		Calls:   set(t, "execve"), Lives: true, Timeout: 50 * time.Millisecond,
	}, r)
	if err != nil || !out.TimedOut {
		t.Errorf("%+v, %v", out, err)
	}
	for _, e := range r.events {
		if alive(e.PID) {
			t.Fatalf("process %d is left, in state %s", e.PID, state(e.PID))
		}
	}
}

// start runs a program of this binary that is not traced yet.
func start(t *testing.T, name string) *exec.Cmd {
	t.Helper()
	needPtrace(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), programVar+"="+name)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	await(t, "the program has started", func() bool {
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", cmd.Process.Pid))
		entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", cmd.Process.Pid))
		return strings.Contains(string(text), programVar) && len(entries) > 2
	})
	return cmd
}

// tracer is the process that traces another one, or 0.
func tracer(t *testing.T, pid int) string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "TracerPid:\t")
	line, _, _ := strings.Cut(rest, "\n")
	return line
}

// What was joined goes on when the trace ends, awake or asleep.
func TestJoinAndLeave(t *testing.T) {
	for _, name := range []string{"busy", "sleep"} {
		for _, how := range []string{"timeout", "signal"} {
			t.Run(name+", "+how, func(t *testing.T) {
				pid := start(t, name).Process.Pid
				interrupt := make(chan os.Signal, 1)
				c := session.Config{PIDs: []int{pid}, Interrupt: interrupt}
				if how == "timeout" {
					c.Timeout = 200 * time.Millisecond
				} else {
					time.AfterFunc(200*time.Millisecond, func() { interrupt <- os.Interrupt })
				}
				r := &record{}
				if _, err := session.Run(c, r); err != nil {
					t.Fatal(err)
				}
				if name == "busy" && len(r.calls(pid)) == 0 {
					t.Error("no call was seen")
				}
				checkFree(t, pid)
			})
		}
	}
}

// checkFree wants that no thread of a process is stopped, or traced.
func checkFree(t *testing.T, pid int) {
	t.Helper()
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		var tid int
		if _, err := fmt.Sscan(entry.Name(), &tid); err != nil {
			t.Fatal(err)
		}
		if by := tracer(t, tid); by != "0" {
			t.Errorf("thread %d is traced by %s", tid, by)
		}
		await(t, "the thread runs", func() bool { return !strings.ContainsAny(state(tid), "tT") })
	}
}

// A program that a signal has stopped stays stopped, until it is to go on.
func TestGroupStop(t *testing.T) {
	cmd := start(t, "busy")
	pid := cmd.Process.Pid
	interrupt := make(chan os.Signal, 1)
	ended := make(chan error)
	r := &record{}
	go func() {
		_, err := session.Run(session.Config{PIDs: []int{pid}, Interrupt: interrupt, Signals: true, Calls: set(t, "flock")}, r)
		ended <- err
	}()
	await(t, "it is traced", func() bool { return tracer(t, pid) != "0" })
	signalTo(t, pid, syscall.SIGSTOP)
	await(t, "it has stopped", func() bool { return standsStill(t, pid) })
	staysStopped(t, pid)
	signalTo(t, pid, syscall.SIGCONT)
	await(t, "it goes on", func() bool { return state(pid) == "R" || state(pid) == "S" })
	signalTo(t, pid, syscall.SIGSTOP)
	await(t, "it has stopped again", func() bool { return state(pid) == "t" })
	interrupt <- os.Interrupt
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	// It was stopped before, and is stopped still, now by the signal alone.
	await(t, "it is stopped", func() bool { return state(pid) == "T" })
	signalTo(t, pid, syscall.SIGCONT)
	checkFree(t, pid)
}

// standsStill tells whether a process that would be busy otherwise did nothing
// for a while. That its state is "t" does not say so: it is at every call, too.
func standsStill(t *testing.T, pid int) bool {
	t.Helper()
	before := processorTime(t, pid)
	time.Sleep(100 * time.Millisecond)
	return state(pid) == "t" && processorTime(t, pid) == before
}

// staysStopped looks at a process for a while that would be busy otherwise.
func staysStopped(t *testing.T, pid int) {
	t.Helper()
	before := processorTime(t, pid)
	time.Sleep(100 * time.Millisecond)
	for range 100 {
		if s := state(pid); s != "t" {
			t.Fatalf("it is in state %s", s)
		}
	}
	if after := processorTime(t, pid); after != before {
		t.Errorf("it ran: %q, then %q", before, after)
	}
}

// processorTime are the fields utime and stime of proc_pid_stat(5).
func processorTime(t *testing.T, pid int) string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	return strings.Join(strings.Fields(rest)[11:13], " ")
}

func signalTo(t *testing.T, pid int, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, s); err != nil {
		t.Fatal(err)
	}
}

// Run under a tracer, a program gets the signals that the tracer gets.
func TestPassesSignalsOn(t *testing.T) {
	c := program(t, "sleep")
	interrupt := make(chan os.Signal, 1)
	c.Interrupt = interrupt
	c.Calls = set(t, "execve")
	r := &record{}
	r.begin = func(*event.Event) bool {
		time.AfterFunc(100*time.Millisecond, func() { interrupt <- syscall.SIGTERM })
		return true
	}
	if out, err := session.Run(c, r); err != nil || out.Signal != int(syscall.SIGTERM) {
		t.Errorf("%+v, %v", out, err)
	}
	signal.Reset()
}

// If the tracer is killed, what it has started ends, and what it has joined
// goes on.
func TestKilledTracer(t *testing.T) {
	joined := start(t, "busy").Process.Pid
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		args  []string
		check func(t *testing.T, pid int)
	}{
		{"started", []string{"sleep", "1000"}, func(t *testing.T, pid int) {
			t.Helper()
			await(t, "it has ended", func() bool { return !alive(pid) })
		}},
		{"joined", []string{fmt.Sprint(joined)}, checkFree},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "started" {
				need(t, c.args[0])
			}
			cmd := exec.Command(self, c.args...)
			cmd.Env = append(os.Environ(), programVar+"=tracer")
			stdout, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			var pid int
			if _, err := fmt.Fscan(stdout, &pid); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // it was killed
			c.check(t, pid)
		})
	}
}

// The observer can have a program killed before the kernel carries a call out.
func TestKill(t *testing.T) {
	made := filepath.Join(t.TempDir(), "made")
	needPtrace(t)
	need(t, "mkdir")
	r := &record{begin: func(e *event.Event) bool { return e.Name != "mkdir" }}
	out, err := session.Run(session.Config{Command: []string{"mkdir", made}}, r)
	if err != nil || out.Signal != int(syscall.SIGKILL) {
		t.Errorf("%+v, %v; want SIGKILL", out, err)
	}
	if _, err := os.Stat(made); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the call was carried out: %v", err)
	}
}
