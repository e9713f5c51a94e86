//go:build linux

// Package pid1 is what the first process of a process table owes to the others:
// it starts one command, reaps every orphan, and ends what is left.
package pid1

import (
	"os"
	"os/exec"
	"syscall"
)

// Codes for commands that did not start, as env(1) has them.
const (
	notExecutable = 126
	notFound      = 127
)

// Run runs command as the only child of this process and returns its exit code,
// 128 plus a signal's number if one killed it. It hands on what arrives on
// signals, which may be nil.
func Run(command []string, attr *os.ProcAttr, signals <-chan os.Signal) (int, error) {
	path, err := exec.LookPath(command[0])
	if err != nil {
		return notFound, err
	}
	p, err := os.StartProcess(path, command, attr)
	if err != nil {
		return notExecutable, err
	}
	done := make(chan struct{})
	defer close(done)
	go Forward(signals, done, p)
	ws, err := reapUntil(p.Pid)
	return ExitCode(ws), err
}

// Forward hands signals on to p until done is closed. A process that is gone
// already has no use for them, so the error says nothing.
func Forward(signals <-chan os.Signal, done <-chan struct{}, p *os.Process) {
	for {
		select {
		case s := <-signals:
			_ = p.Signal(s)
		case <-done:
			return
		}
	}
}

// ExitCode follows the shell: a signal's number is added to 128.
func ExitCode(ws syscall.WaitStatus) int {
	if ws.Signaled() {
		return 128 + int(ws.Signal())
	}
	return ws.ExitStatus()
}

// reapUntil collects ended children until pid is among them.
func reapUntil(pid int) (syscall.WaitStatus, error) {
	for {
		var ws syscall.WaitStatus
		got, err := syscall.Wait4(-1, &ws, 0, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return 0, os.NewSyscallError("wait4", err)
		case got == pid:
			return ws, nil
		}
	}
}

// KillAll ends every other process of the process table; without it one that
// was left running would keep a file system busy.
func KillAll() {
	// The error is ESRCH when nobody is left, which is what is wanted.
	_ = syscall.Kill(-1, syscall.SIGKILL)
	for {
		_, err := syscall.Wait4(-1, nil, 0, nil)
		if err != nil && err != syscall.EINTR {
			return
		}
	}
}
