//go:build linux

package lab

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/lab/faultfs"
)

// Init must be the first call in main of a program that uses [FS.Run] or
// [Fuse.Run]. It returns at once, except in the second process such a call
// starts, which it turns into the environment's first process.
func Init() {
	faultfs.Init()
	config := os.Getenv(sandboxEnv)
	if config == "" {
		return
	}
	code, err := inside(config)
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
	}
	os.Exit(code)
}

// inside makes the environment, runs the command in it and takes it down.
func inside(config string) (code int, err error) {
	// From here on, signals wait for the command; none kills a half-made mount.
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, forwarded...)
	var spec sandboxSpec
	if err := json.Unmarshal([]byte(config), &spec); err != nil {
		return ExitLab, fmt.Errorf("sandbox description: %w", err)
	}
	if err := os.Unsetenv(sandboxEnv); err != nil {
		return ExitLab, err
	}
	// Processes are numbered anew in here; the old /proc would show others'.
	if err := unix.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return ExitLab, fmt.Errorf("mount /proc: %w", err)
	}
	m := &mounter{spec: spec}
	defer func() {
		if failed := m.undo(); failed != nil {
			code, err = ExitLab, errors.Join(err, failed)
		}
	}()
	env, err := m.make()
	if err != nil {
		return ExitLab, fmt.Errorf("%s: %w", spec.Name, err)
	}
	return first(spec.Command, append(os.Environ(), env...), signals)
}

// first runs command as the only child of this process, which is the first of
// its process table and so inherits, and must reap, every orphan.
func first(command, env []string, signals <-chan os.Signal) (int, error) {
	path, err := exec.LookPath(command[0])
	if err != nil {
		return ExitNotFound, err
	}
	p, err := os.StartProcess(path, command, &os.ProcAttr{
		Env:   env,
		Files: []*os.File{os.Stdin, os.Stdout, os.Stderr},
	})
	if err != nil {
		return ExitNotExec, err
	}
	done := make(chan struct{})
	defer close(done)
	go forward(signals, done, p)
	ws, err := reapUntil(p.Pid)
	if err != nil {
		return ExitLab, fmt.Errorf("wait for %s: %w", path, err)
	}
	return exitCode(ws), nil
}

// reapUntil collects ended children until pid is among them.
func reapUntil(pid int) (syscall.WaitStatus, error) {
	for {
		var ws syscall.WaitStatus
		got, err := syscall.Wait4(-1, &ws, 0, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return 0, err
		case got == pid:
			return ws, nil
		}
	}
}

// killAll ends every other process of the process table; without it one that
// was left running would keep the file system busy.
func killAll() {
	// The error is ESRCH when nobody is left, which is what is wanted.
	_ = syscall.Kill(-1, syscall.SIGKILL)
	for {
		_, err := syscall.Wait4(-1, nil, 0, nil)
		if err != nil && err != syscall.EINTR {
			return
		}
	}
}
