//go:build linux

package lab

import (
	"fmt"
	"path/filepath"
)

// DefaultSize of a new file system in bytes. Images are sparse: they occupy
// what is written to them.
const DefaultSize = 2 << 30

// FS is a fresh file system to run one command on.
type FS struct {
	Name    string // as `lab list` prints it
	Size    int64  // bytes; 0 means [DefaultSize]
	Content string // a directory to copy in; required where nothing can be written
}

// Run makes the file system, runs command with this process's standard streams
// and environment, and takes the file system down. It returns the command's
// exit code, 128 plus the number of the signal that killed it, or one of the
// Exit codes. An error says that the lab failed, not the command.
func (f FS) Run(command ...string) (int, error) { return f.run("", command) }

func (f FS) run(fault string, command []string) (int, error) {
	k, ok := kindNamed(f.Name)
	if !ok {
		return ExitLab, fmt.Errorf("unknown file system %q; `lab list` prints those there are", f.Name)
	}
	if reason := k.missing(); reason != "" {
		return ExitLab, fmt.Errorf("%s: %s", f.Name, reason)
	}
	if len(command) == 0 {
		return ExitLab, fmt.Errorf("%s: no command given", f.Name)
	}
	spec := sandboxSpec{Name: f.Name, Size: f.Size, Fault: fault, Command: command}
	if spec.Size == 0 {
		spec.Size = DefaultSize
	}
	if f.Content != "" {
		content, err := filepath.Abs(f.Content)
		if err != nil {
			return ExitLab, err
		}
		spec.Content = content
	}
	return spec.run()
}
