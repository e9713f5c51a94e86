//go:build linux

package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/lab/internal/hosttool"
)

// buildImage makes a sparse image with a writable file system and mounts it.
func buildImage(m *mounter, k kind, dir string) ([]string, error) {
	if m.spec.Size < k.minimum {
		return nil, fmt.Errorf("--size %d is below the %d bytes it needs", m.spec.Size, k.minimum)
	}
	image := filepath.Join(m.spec.Dir, k.name+".img")
	if err := sparse(image, m.spec.Size); err != nil {
		return nil, err
	}
	if err := m.loopMount(k, image, "", dir, 0); err != nil {
		return nil, err
	}
	return nil, m.fill(dir)
}

// buildPacked packs the content into an image that can only be read.
func buildPacked(m *mounter, k kind, dir string) ([]string, error) {
	if m.spec.Content == "" {
		return nil, errors.New("a read-only file system needs --content DIR")
	}
	image := filepath.Join(m.spec.Dir, k.name+".img")
	err := m.loopMount(k, image, m.spec.Content, dir, unix.MS_RDONLY)
	return []string{ReadOnlyEnv + "=1"}, err
}

// sparse makes a file of size bytes that occupies none.
func sparse(name string, size int64) error {
	// #nosec G304 -- in the scratch directory
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), f.Close())
}

// loopMount runs the kind's tool and mounts the image it made on dir. The
// image loses its name at once: from then on only the mount keeps it alive.
func (m *mounter) loopMount(k kind, image, content, dir string, flags uintptr) error {
	if err := hosttool.Run(k.tool, k.mkfs(image, content)...); err != nil {
		return err
	}
	device, err := attachLoop(image, flags&unix.MS_RDONLY != 0)
	if err != nil {
		return err
	}
	err = m.mount(device.Name(), dir, k.fstype, flags, "")
	return errors.Join(err, device.Close(), os.Remove(image))
}
