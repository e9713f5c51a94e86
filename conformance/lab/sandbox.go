//go:build linux

package lab

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/lab/internal/pid1"
)

// sandboxEnv carries a [sandboxSpec] to the second process. A variable rather
// than an argument: the command line stays what the user typed.
const sandboxEnv = "MMAPGUARD_LAB_SANDBOX"

// sandboxSpec is all the inner process needs to know.
type sandboxSpec struct {
	Name    string   `json:"name"`    // the environment's
	Dir     string   `json:"dir"`     // a scratch directory, removed by the outer process
	Size    int64    `json:"size"`    // bytes of a new image
	Content string   `json:"content"` // copied in before the command starts; "" for nothing
	Fault   string   `json:"fault"`   // faults of a FUSE environment
	Command []string `json:"command"` // with its arguments
}

// run starts the inner process in namespaces of its own and returns the exit
// code of spec.Command. An error means that there was no outcome to report.
func (spec sandboxSpec) run() (code int, err error) {
	spec.Dir, err = os.MkdirTemp("", "mmapguard-lab-")
	if err != nil {
		return ExitLab, fmt.Errorf("scratch directory: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(spec.Dir)) }()
	// A test may go on as another user, who must get through to the directory.
	// #nosec G302 -- so it must be open to all
	if err := os.Chmod(spec.Dir, 0o755); err != nil {
		return ExitLab, fmt.Errorf("scratch directory: %w", err)
	}
	config, err := json.Marshal(spec)
	if err != nil {
		return ExitLab, fmt.Errorf("sandbox description: %w", err)
	}
	// No context ends it: signals do, which the command may want to answer.
	cmd := exec.CommandContext(context.Background(), "/proc/self/exe")
	cmd.Args = []string{"lab-sandbox"}
	cmd.Env = append(os.Environ(), sandboxEnv+"="+string(config))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = namespaces()
	return supervise(cmd)
}

// namespaces asks for a private mount table and a private process table. When
// the inner process ends, however it ends, the kernel kills all that is left in
// its process table, then drops the mounts, and with them the loop devices.
func namespaces() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{
		Cloneflags:   unix.CLONE_NEWPID,
		Unshareflags: unix.CLONE_NEWNS,
		Pdeathsig:    syscall.SIGKILL,
	}
	if os.Geteuid() != 0 {
		attr.Cloneflags |= unix.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Geteuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getegid(), Size: 1}}
	}
	return attr
}

// forwarded are the signals by which a user or a runner ends a command.
var forwarded = []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT}

// supervise runs cmd to its end and hands on the signals meant for it.
func supervise(cmd *exec.Cmd) (int, error) {
	// Pdeathsig fires when the *thread* that forked ends, not the process.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, forwarded...)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return ExitLab, fmt.Errorf("private namespaces: %w", err)
	}
	done := make(chan struct{})
	defer close(done)
	go pid1.Forward(signals, done, cmd.Process)
	err := cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return ExitLab, fmt.Errorf("sandbox: %w", err)
	}
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok {
		return ExitLab, fmt.Errorf("sandbox: ended in an unknown way: %v", cmd.ProcessState)
	}
	return pid1.ExitCode(status), nil
}
