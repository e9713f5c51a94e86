//go:build amd64 || arm64

package session_test

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/filter"
	"github.com/mmapguard/go/tools/internal/trace/session"
)

// record is a sink that keeps everything.
type record struct {
	mu     sync.Mutex
	events []*event.Event
	begin  func(*event.Event) bool
	event  func(*event.Event)
}

func (r *record) Begin(e *event.Event) bool { return r.begin == nil || r.begin(e) }

func (r *record) Event(e *event.Event) {
	if r.event != nil {
		r.event(e)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

// calls are the system calls among the events, of one process or of all.
func (r *record) calls(pid int) []*event.Event {
	var list []*event.Event
	for _, e := range r.events {
		if e.Kind == event.Syscall && (pid == 0 || e.PID == pid) {
			list = append(list, e)
		}
	}
	return list
}

func set(t *testing.T, text string) filter.Set {
	t.Helper()
	table, _ := abi.Native()
	s, err := filter.ParseSet(table, text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// needPtrace skips where this process may not trace its children.
func needPtrace(t *testing.T) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(programVar, "nothing")
	_, err = session.Run(session.Config{Command: []string{self}}, &record{})
	t.Setenv(programVar, "")
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOSYS) {
		t.Skipf("programs cannot be traced here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// need skips unless there are the commands.
func need(t *testing.T, commands ...string) {
	t.Helper()
	for _, name := range commands {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%v", err)
		}
	}
}

// program is a command of this test binary, whose output is thrown away.
func program(t *testing.T, name string, args ...string) session.Config {
	t.Helper()
	needPtrace(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(programVar, name)
	return session.Config{Command: append([]string{self}, args...)}
}

// trace runs it to its end, which has to be a good one.
func trace(t *testing.T, c session.Config) *record {
	t.Helper()
	r := &record{}
	out, err := session.Run(c, r)
	if err != nil {
		t.Fatal(err)
	}
	if out.Status != 0 || out.Signal != 0 {
		t.Fatalf("the program ended with %+v", out)
	}
	return r
}

func null(t *testing.T) *os.File {
	t.Helper()
	f, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}
