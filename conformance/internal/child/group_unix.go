//go:build unix

package child

import (
	"os/exec"
	"syscall"
)

// isolate puts the command into a process group of its own and makes the end
// of its context the end of the group. The group's number cannot have been
// given to somebody else: the leader has not been waited for yet.
func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
