//go:build linux

package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/mmapguard/go/conformance/lab/internal/hosttool"
	"github.com/mmapguard/go/conformance/lab/vm"
)

// Setup installs what the file systems and the given processors need, and
// fetches the processors' kernels; without any, all of them. What is there
// already is left alone. Installing needs root and Debian's apt-get; its output
// goes to log.
func Setup(ctx context.Context, log io.Writer, processors ...string) error {
	if len(processors) == 0 {
		for _, m := range vm.List() {
			processors = append(processors, m.Name)
		}
	}
	if err := install(ctx, log, missingPackages(processors)); err != nil {
		return err
	}
	for _, name := range processors {
		if err := vm.Setup(ctx, name); err != nil {
			return fmt.Errorf("kernel for %s: %w", name, err)
		}
	}
	return nil
}

// missingPackages lists, once each, the packages whose tools are not there.
func missingPackages(processors []string) []string {
	var packages []string
	want := func(tool, pkg string) {
		if tool != "" && hosttool.Missing(tool, pkg) != "" && !slices.Contains(packages, pkg) {
			packages = append(packages, pkg)
		}
	}
	for _, k := range kinds {
		want(k.tool, k.pkg)
	}
	for _, u := range userArches {
		want(u.tool(), userPackage)
	}
	for _, m := range vm.List() {
		if slices.Contains(processors, m.Name) {
			want(m.Tool, m.Pkg)
		}
	}
	return packages
}

// install installs packages; with fresh package lists if it must.
func install(ctx context.Context, log io.Writer, packages []string) error {
	if len(packages) == 0 {
		return nil
	}
	if os.Geteuid() != 0 {
		return fmt.Errorf("missing packages need root to install: %s", strings.Join(packages, " "))
	}
	args := append([]string{"install", "-y", "-q", "--no-install-recommends"}, packages...)
	first := aptGet(ctx, log, args...)
	if first == nil {
		return nil
	}
	if err := aptGet(ctx, log, "update", "-q"); err != nil {
		return errors.Join(first, err)
	}
	return aptGet(ctx, log, args...)
}

func aptGet(ctx context.Context, log io.Writer, args ...string) error {
	// #nosec G204 -- packages come from this program's tables
	cmd := exec.CommandContext(ctx, "apt-get", append([]string{"-o", "DPkg::Lock::Timeout=600"}, args...)...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("apt-get %s: %w", strings.Join(args, " "), err)
	}
	return nil
}
