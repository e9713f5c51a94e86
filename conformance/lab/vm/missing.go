//go:build linux

package vm

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// An Environment is a processor and what keeps this machine from booting it.
type Environment struct {
	Name   string
	Reason string // "" if nothing
}

// List tells of every processor whether it can be booted now.
func List() []Environment {
	var all []Environment
	for _, a := range arches {
		all = append(all, Environment{a.name, a.missing()})
	}
	return all
}

func (a arch) missing() string {
	if _, err := exec.LookPath(a.qemu); err != nil {
		return fmt.Sprintf("%s missing: package %s", a.qemu, a.pkg)
	}
	return a.missingKernel()
}

// missingKernel says that there is no kernel yet; "" if there is.
func (a arch) missingKernel() string {
	dir, err := a.kernelDir()
	if err != nil {
		return err.Error()
	}
	if _, err := os.Stat(filepath.Join(dir, "package")); err != nil {
		return "no kernel yet: run `lab setup " + a.name + "`"
	}
	return ""
}

func unknown(name string) error {
	return fmt.Errorf("unknown processor %q; `lab list` prints those there are", name)
}
