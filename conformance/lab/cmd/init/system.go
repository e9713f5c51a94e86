//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/lab/internal/guest"
)

// deviceTimeout bounds the wait for a device after its driver was loaded; an
// emulated processor on a busy machine is slow.
const deviceTimeout = time.Minute

// mountSystem mounts what every Linux program expects.
func mountSystem() error {
	for _, m := range []struct{ dir, fstype, options string }{
		{"/proc", "proc", ""},
		{"/sys", "sysfs", ""},
		{"/dev", "devtmpfs", ""},
		{"/tmp", "tmpfs", "mode=1777"},
		{"/dev/shm", "tmpfs", "mode=1777"},
	} {
		if err := mount(m.fstype, m.dir, m.fstype, m.options); err != nil {
			return err
		}
	}
	return nil
}

// mount makes the mount point and mounts.
func mount(source, dir, fstype, options string) error {
	// #nosec G301 -- a test may go on as another user, who must get through
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := unix.Mount(source, dir, fstype, 0, options); err != nil {
		return fmt.Errorf("mount %s on %s: %w", source, dir, err)
	}
	return nil
}

// loadModules loads kernel modules in the given order.
func loadModules(files []string) error {
	for _, name := range files {
		if err := loadModule(filepath.Join(guest.ModuleDir, name)); err != nil {
			return fmt.Errorf("load %s: %w", name, err)
		}
	}
	return nil
}

func loadModule(name string) error {
	f, err := os.Open(name) // #nosec G304 -- the machine has nothing but what the host packed
	if err != nil {
		return err
	}
	err = unix.FinitModule(int(f.Fd()), "", 0)
	if errors.Is(err, unix.EEXIST) {
		err = nil
	}
	return errors.Join(err, f.Close())
}

// openPorts opens the virtio ports of those names.
func openPorts(names ...string) ([]*os.File, error) {
	var ports []*os.File
	for _, name := range names {
		device, err := await("port "+name, func() (string, bool) {
			return deviceWith("/sys/class/virtio-ports/*/name", name)
		})
		if err != nil {
			return nil, err
		}
		port, err := os.OpenFile(path.Join("/dev", device), os.O_RDWR, 0) // #nosec G304 -- sysfs named it
		if err != nil {
			return nil, err
		}
		ports = append(ports, port)
	}
	return ports, nil
}

// deviceWith finds the device whose attribute file, matched by pattern, holds
// value.
func deviceWith(pattern, value string) (string, bool) {
	files, err := filepath.Glob(pattern)
	if err != nil {
		return "", false
	}
	for _, file := range files {
		// A device may be on its way in; then it is found the next time.
		// #nosec G304 -- files of sysfs
		if text, err := os.ReadFile(file); err == nil && strings.TrimSpace(string(text)) == value {
			return filepath.Base(filepath.Dir(file)), true
		}
	}
	return "", false
}

// await asks for a device until it is there: drivers find theirs at leisure.
func await(what string, find func() (string, bool)) (string, error) {
	for deadline := time.Now().Add(deviceTimeout); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if device, ok := find(); ok {
			return device, nil
		}
	}
	return "", fmt.Errorf("%s has not appeared", what)
}

// loopbackUp lets programs talk to themselves by TCP and UDP. The kernel gives
// the interface its usual address.
func loopbackUp() error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return os.NewSyscallError("socket", err)
	}
	lo, err := unix.NewIfreq("lo")
	if err == nil {
		lo.SetUint16(unix.IFF_UP)
		err = unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, lo)
	}
	return errors.Join(os.NewSyscallError("loopback up", err), unix.Close(s))
}
