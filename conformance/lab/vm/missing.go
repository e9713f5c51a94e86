//go:build linux

package vm

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/mmapguard/go/conformance/lab/internal/hosttool"
)

// An Environment is a processor and what keeps this machine from booting it.
type Environment struct {
	Name      string
	Reason    string // "" if nothing
	Tool, Pkg string // the emulator, and Debian's package that brings it
}

// List tells of every processor whether it can be booted now.
func List() []Environment {
	var all []Environment
	for _, a := range arches {
		all = append(all, Environment{a.name, a.missing(), a.qemu, a.pkg})
	}
	return all
}

// Disks lists the file systems a machine can have.
func Disks() []string {
	var names []string
	for _, k := range diskKinds {
		names = append(names, k.Name)
	}
	return names
}

func (a arch) missing() string {
	if reason := hosttool.Missing(a.qemu, a.pkg); reason != "" {
		return reason
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
