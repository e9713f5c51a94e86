//go:build amd64 || arm64

package ptrace

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// options are asked for of every thread that is traced.
const options = unix.PTRACE_O_TRACESYSGOOD | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_TRACEFORK |
	unix.PTRACE_O_TRACEVFORK | unix.PTRACE_O_TRACEEXEC | unix.PTRACE_O_TRACESECCOMP

// Run starts the program, traces it until it and all its children have ended,
// and returns how it did. If this process dies, so do they. The observer is
// called on one thread.
func Run(c Command, o Options, observer Observer) (Outcome, error) {
	// ptrace(2) obeys the thread that seized the program, and no other. It is not
	// given back, because children of it may be left.
	runtime.LockOSThread()
	if err := quietStops(); err != nil {
		return Outcome{}, err
	}
	t := newTracer(o, observer)
	answer, err := t.start(c, o)
	if err != nil {
		return Outcome{}, err
	}
	stop := t.watch(o, t.pass)
	err = t.loop()
	timedOut := stop()
	if failure := readAnswer(answer); failure != nil {
		return Outcome{}, fmt.Errorf("%w: %s: %w", ErrStart, c.Path, failure)
	}
	return Outcome{Status: t.status, Signal: t.signal, TimedOut: timedOut}, err
}

// start starts the stub, seizes it, and tells it what to become.
func (t *tracer) start(c Command, o Options) (answer *os.File, err error) {
	orders := order{Path: c.Path, Argv: c.Argv, Env: c.Env}
	if !o.NoSeccomp {
		if orders.Filter, err = assemble(o.Audit, o.Calls, o.Spared); err != nil {
			return nil, fmt.Errorf("filter: %w", err)
		}
	}
	orderR, orderW, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	answer, answerW, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p, err := os.StartProcess("/proc/self/exe", []string{stubName}, &os.ProcAttr{
		Dir: c.Dir, Env: append([]string{stubEnv}, c.Env...), Files: []*os.File{c.Stdin, c.Stdout, c.Stderr, orderR, answerW},
	})
	if err := errors.Join(err, orderR.Close(), answerW.Close()); err != nil {
		return nil, err
	}
	t.root = p.Pid
	if err := t.seizeStub(); err != nil {
		return nil, errors.Join(fmt.Errorf("ptrace: %w", err), p.Kill(), orderW.Close(), p.Release())
	}
	err = json.NewEncoder(orderW).Encode(orders)
	return answer, errors.Join(err, orderW.Close(), p.Release())
}

// seizeStub takes the stub before it gets its order. Without a filter it must
// be stopped once, to go on from system call to system call.
func (t *tracer) seizeStub() error {
	if err := request(unix.PTRACE_SEIZE, t.root, options|unix.PTRACE_O_EXITKILL); err != nil {
		return err
	}
	t.threads[t.root] = &thread{tid: t.root, pid: t.root, hidden: true}
	if t.filtered {
		return nil
	}
	return request(unix.PTRACE_INTERRUPT, t.root, 0)
}

// readAnswer tells why there is no program. Of one that there is, the file was
// closed by execve(2).
func readAnswer(answer *os.File) error {
	text, err := io.ReadAll(answer)
	if err = errors.Join(err, answer.Close()); err != nil || len(text) == 0 {
		return err
	}
	var step string
	var number syscall.Errno
	if _, err := fmt.Sscanf(string(text), "%s %d", &step, &number); err != nil {
		return err
	}
	if step == "filter" {
		return fmt.Errorf("no seccomp filter (--no-seccomp does without): %w", number)
	}
	return number
}

// Executable finds a command like a shell: by PATH, unless it has a slash.
func Executable(name, path string) (string, error) {
	if strings.Contains(name, "/") {
		return name, nil
	}
	for dir := range strings.SplitSeq(path, ":") {
		if dir == "" {
			dir = "."
		}
		file := dir + "/" + name
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return file, nil
		}
	}
	return "", fmt.Errorf("%w: %s: %w", ErrStart, name, unix.ENOENT)
}
