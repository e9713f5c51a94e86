//go:build linux

package vm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"time"

	"github.com/mmapguard/go/conformance/lab/internal/guest"
)

// firstPort is the number under which the emulator inherits the first of its
// ports' descriptors.
const firstPort = 3

// boot runs the emulator and interprets what the guest reports.
func (m Machine) boot(ctx context.Context, a arch, dir string, images []string, stdout, stderr io.Writer) (int, error) {
	// The emulator must not outlive this process, and that hangs on the thread.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var control reports
	console := &tail{copy: m.Console}
	// #nosec G204 -- the emulator and its devices come from this package's tables
	cmd := exec.CommandContext(ctx, a.qemu, m.arguments(a, dir, images)...)
	// In a group of its own it does not see the terminal's interrupt.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Stdout, cmd.Stderr = console, console
	cmd.WaitDelay = 10 * time.Second
	wait, err := attachPorts(cmd, stdout, stderr, &control)
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, errors.Join(err, wait())
	}
	// How the emulator ended matters only when the guest did not report.
	_ = cmd.Wait()
	if err := wait(); err != nil {
		return 0, err
	}
	code, err := control.outcome(ctx)
	if err != nil && !control.exited {
		err = fmt.Errorf("%s: %w (emulator: %v); the console's last words:\n%s", a.name, err, cmd.ProcessState, console.last)
	}
	return code, err
}

// attachPorts gives the emulator a pipe per port, copied to the writers. wait
// closes the host's ends and returns when everything has been copied.
func attachPorts(cmd *exec.Cmd, writers ...io.Writer) (wait func() error, err error) {
	var copies sync.WaitGroup
	failures := make([]error, len(writers))
	for i, w := range writers {
		r, port, err := os.Pipe()
		if err != nil {
			return nil, err
		}
		cmd.ExtraFiles = append(cmd.ExtraFiles, port)
		copies.Go(func() {
			_, err := io.Copy(w, r)
			failures[i] = errors.Join(err, r.Close())
		})
	}
	return func() error {
		var errs []error
		for _, port := range cmd.ExtraFiles {
			errs = append(errs, port.Close())
		}
		copies.Wait()
		return errors.Join(append(errs, failures...)...)
	}, nil
}

// arguments are the emulator's.
func (m Machine) arguments(a arch, dir string, images []string) []string {
	kernel, _ := a.kernelDir() // has succeeded before
	memory, cpus := m.Memory, m.CPUs
	if memory == 0 {
		memory = 1 << 30
	}
	if cpus == 0 {
		cpus = 2
	}
	args := append([]string{}, a.machine...)
	args = append(args, "-accel", "tcg", "-nodefaults", "-display", "none", "-no-reboot",
		"-m", fmt.Sprintf("%dM", memory>>20), "-smp", fmt.Sprint(cpus),
		"-kernel", filepath.Join(kernel, "kernel"), "-initrd", filepath.Join(dir, "initramfs"),
		"-append", "console="+a.console+" panic=-1 oops=panic random.trust_cpu=on",
		"-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console",
		"-device", "virtio-serial-"+a.bus)
	for i, name := range []string{guest.StdoutPort, guest.StderrPort, guest.ControlPort} {
		id := fmt.Sprint("port", i)
		args = append(args, "-chardev", fmt.Sprintf("file,id=%s,path=/proc/self/fd/%d", id, firstPort+i),
			"-device", fmt.Sprintf("virtserialport,chardev=%s,name=%s", id, name))
	}
	for i, image := range images {
		args = append(args, "-drive", fmt.Sprintf("if=none,id=disk%d,format=raw,cache=unsafe,file=%s", i, image),
			"-device", fmt.Sprintf("virtio-blk-%s,drive=disk%d,serial=%s", a.bus, i, m.Disks[i]))
	}
	return args
}
