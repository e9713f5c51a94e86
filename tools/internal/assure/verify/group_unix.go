//go:build unix

package verify

import (
	"os/exec"
	"syscall"
)

// ownGroup makes the end of the command's context the end of everything that
// the command started: a mutant's children may never end by themselves.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
