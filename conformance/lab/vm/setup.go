//go:build linux

package vm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Setup fetches the arch's kernel into the cache unless it is there. It works
// with package lists of its own, so that the machine's list of architectures and
// its installed packages stay what they are.
func Setup(ctx context.Context, name string) error {
	a, ok := archNamed(name)
	if !ok {
		return unknown(name)
	}
	dir, err := a.kernelDir()
	if err != nil {
		return err
	}
	unlock, err := lockSetup(dir)
	if err != nil {
		return err
	}
	defer unlock()
	if a.missingKernel() == "" {
		return nil
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), a.debian+"-")
	if err != nil {
		return err
	}
	return errors.Join(a.fetch(ctx, work, dir), os.RemoveAll(work))
}

// lockSetup lets one setup at a time work on dir.
func lockSetup(dir string) (unlock func(), err error) {
	if err := os.MkdirAll(filepath.Dir(dir), 0o750); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(dir+".lock", os.O_RDWR|os.O_CREATE, 0o600) // #nosec G304 -- in the cache
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		return nil, errors.Join(os.NewSyscallError("flock", err), f.Close())
	}
	// Closing gives the lock up; nothing was written that could be lost.
	return func() { _ = f.Close() }, nil
}

// fetch downloads and unpacks in work, and moves what is complete to dir.
func (a arch) fetch(ctx context.Context, work, dir string) error {
	apt, err := newAPT(work, a.debian)
	if err != nil {
		return err
	}
	pkg, err := apt.kernelPackage(ctx, a.kernel)
	if err != nil {
		return err
	}
	if _, err := apt.run(ctx, "apt-get", "-q", "download", pkg); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(work, pkg+"_*.deb"))
	if err != nil {
		return err
	}
	if len(files) != 1 {
		return fmt.Errorf("download of %s left %q", pkg, files)
	}
	kernel := filepath.Join(work, "kernel")
	if err := unpack(ctx, files[0], kernel); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(kernel, "package"), []byte(filepath.Base(files[0])), 0o600); err != nil {
		return err
	}
	return errors.Join(os.RemoveAll(dir), os.Rename(kernel, dir))
}
