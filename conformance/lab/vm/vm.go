//go:build linux

// Package vm boots a distribution's own kernel on an emulated processor and runs
// one statically linked program in it, such as a test binary made by
//
//	CGO_ENABLED=0 GOARCH=arm64 go test -c
//
// Emulation is by tcg, which needs neither a hypervisor nor any privilege. The
// machine's root file system is an archive in memory made for the one run; the
// program's standard output and error come back through ports of their own.
package vm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"time"

	"github.com/mmapguard/go/conformance/lab/internal/guest"
)

// DefaultTimeout bounds a run from power on to power off.
const DefaultTimeout = 5 * time.Minute

var (
	// ErrNoBoot means that the program never started: the fault lies with the
	// machine and says nothing about the program.
	ErrNoBoot = errors.New("the machine did not boot")
	// ErrTimeout means that the program started but did not end in time.
	ErrTimeout = errors.New("the program did not end in time")
	// ErrDied means that the machine ended under the running program, as it does
	// when its kernel panics.
	ErrDied = errors.New("the machine ended before the program")
)

// A Machine is made for one run.
type Machine struct {
	Arch    string        // as `lab list` prints it, or Go's name for it
	Disks   []string      // file systems to attach; the first is the test's
	Modules []string      // kernel modules to load beside the necessary ones
	Env     []string      // KEY=VALUE for the program
	Content string        // a directory to copy into the folder "content" of the test directory
	Memory  int64         // bytes; 0 means 1 GiB
	CPUs    int           // 0 means 2
	Timeout time.Duration // 0 means [DefaultTimeout]
	Console io.Writer     // gets the kernel's messages; nil for nobody
}

// Run boots the machine, runs binary with args in it and returns its exit code.
// The binary finds a copy of ./testdata and of ./*.go in its working directory,
// as `go test` would have it. Errors are,
// or wrap, [ErrNoBoot], [ErrTimeout] and [ErrDied], or come from the
// preparations on the host.
func (m Machine) Run(ctx context.Context, stdout, stderr io.Writer, binary string, args ...string) (code int, err error) {
	a, ok := archNamed(m.Arch)
	if !ok {
		return 0, unknown(m.Arch)
	}
	if reason := a.missing(); reason != "" {
		return 0, fmt.Errorf("%s: %s", a.name, reason)
	}
	dir, err := os.MkdirTemp("", "mmapguard-lab-vm-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	images, err := m.prepare(ctx, a, dir, binary, args)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", a.name, err)
	}
	ctx, cancel := context.WithTimeout(ctx, m.timeout())
	defer cancel()
	return m.boot(ctx, a, dir, images, stdout, stderr)
}

func (m Machine) timeout() time.Duration {
	if m.Timeout == 0 {
		return DefaultTimeout
	}
	return m.Timeout
}

// prepare makes the initramfs and the disks' images in dir.
func (m Machine) prepare(ctx context.Context, a arch, dir, binary string, args []string) (images []string, err error) {
	config := guest.Config{
		Command: append([]string{path.Join(guest.WorkDir, filepath.Base(binary))}, args...),
		Env:     m.Env,
	}
	kernel, err := a.kernelDir()
	if err != nil {
		return nil, err
	}
	modules := moduleSet{kernel: kernel}
	wanted := append(append([]string{}, a.modules...), m.Modules...)
	for _, name := range m.Disks {
		k, err := diskNamed(name)
		if err != nil {
			return nil, err
		}
		image, err := k.create(dir, a.page)
		if err != nil {
			return nil, err
		}
		images = append(images, image)
		wanted = append(wanted, k.modules...)
		config.Disks = append(config.Disks, k.Disk)
	}
	for _, name := range wanted {
		if err := modules.add(name); err != nil {
			return nil, err
		}
	}
	config.Modules = modules.order
	return images, m.pack(ctx, a, dir, binary, config)
}

// pack builds /init and writes the initramfs.
func (m Machine) pack(ctx context.Context, a arch, dir, binary string, config guest.Config) error {
	init := filepath.Join(dir, "init")
	if err := buildInit(ctx, a, init); err != nil {
		return err
	}
	r, err := newInitramfs(filepath.Join(dir, "initramfs"))
	if err != nil {
		return err
	}
	err = r.fill(a, init, binary, config)
	if m.Content != "" {
		err = errors.Join(err, r.copyTree(guest.ContentDir, m.Content))
	}
	return errors.Join(err, r.close())
}
