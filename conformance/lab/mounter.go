//go:build linux

package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/lab/internal/pid1"
)

// mounter makes one environment out of a scratch directory, and remembers how
// to take it down again.
type mounter struct {
	spec   sandboxSpec
	mounts []string
}

// make builds the environment and returns the variables that describe it.
func (m *mounter) make() ([]string, error) {
	k, ok := kindNamed(m.spec.Name)
	if !ok {
		return nil, fmt.Errorf("unknown file system; `lab list` prints those there are")
	}
	dir, err := m.dir("mnt")
	if err != nil {
		return nil, err
	}
	env, err := k.build(m, k, dir)
	if err != nil {
		return nil, err
	}
	return append(env, DirEnv+"="+dir, FSEnv+"="+m.spec.Name), nil
}

// dir makes a directory of that name in the scratch directory.
func (m *mounter) dir(name string) (string, error) {
	dir := filepath.Join(m.spec.Dir, name)
	return dir, os.Mkdir(dir, 0o755) // #nosec G301 -- a test may go on as another user
}

// mount mounts and remembers the target for undo.
func (m *mounter) mount(source, target, fstype string, flags uintptr, data string) error {
	if err := unix.Mount(source, target, fstype, flags, data); err != nil {
		return fmt.Errorf("mount -t %s %s: %w", fstype, target, err)
	}
	m.mounts = append(m.mounts, target)
	return nil
}

// fill copies the user's content into dir.
func (m *mounter) fill(dir string) error {
	if m.spec.Content == "" {
		return nil
	}
	if err := os.CopyFS(dir, os.DirFS(m.spec.Content)); err != nil {
		return fmt.Errorf("content: %w", err)
	}
	return nil
}

// undo unmounts in reverse order. It does so before the scratch directory is
// removed, so that removal never descends into a file system.
func (m *mounter) undo() error {
	pid1.KillAll()
	var errs []error
	for i := len(m.mounts) - 1; i >= 0; i-- {
		if err := unix.Unmount(m.mounts[i], 0); err != nil {
			errs = append(errs, fmt.Errorf("unmount %s: %w", m.mounts[i], err))
		}
	}
	return errors.Join(errs...)
}
