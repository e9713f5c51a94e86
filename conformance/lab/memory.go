//go:build linux

package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// buildTmpfs mounts memory.
func buildTmpfs(m *mounter, _ kind, dir string) ([]string, error) {
	if err := m.mount("mmapguard-lab", dir, "tmpfs", 0, tmpfsOptions(m.spec.Size)); err != nil {
		return nil, err
	}
	return nil, m.fill(dir)
}

func tmpfsOptions(size int64) string { return fmt.Sprintf("mode=0755,size=%d", size) }

// buildOverlayTmpfs stacks two directories of a tmpfs.
func buildOverlayTmpfs(m *mounter, _ kind, dir string) ([]string, error) {
	return m.overlay(dir, func(layers string) error {
		return m.mount("mmapguard-lab", layers, "tmpfs", 0, tmpfsOptions(m.spec.Size))
	})
}

// buildOverlayExt4 stacks two directories of a loop-mounted ext4, as container
// runtimes do.
func buildOverlayExt4(m *mounter, _ kind, dir string) ([]string, error) {
	return m.overlay(dir, func(layers string) error {
		image := filepath.Join(m.spec.Dir, "layers.img")
		if err := sparse(image, m.spec.Size); err != nil {
			return err
		}
		return m.loopMount(ext4, image, "", layers, 0)
	})
}

// overlay mounts an overlay on dir whose layers lie on what base mounts. The
// content goes into the lower layer, where an image's files would be.
func (m *mounter) overlay(dir string, base func(layers string) error) ([]string, error) {
	layers, err := m.dir("layers")
	if err != nil {
		return nil, err
	}
	if err := base(layers); err != nil {
		return nil, err
	}
	lower := filepath.Join(layers, "lower")
	upper := filepath.Join(layers, "upper")
	work := filepath.Join(layers, "work")
	// #nosec G301 -- a test may go on as another user, and the root shows upper's mode
	if err := errors.Join(os.Mkdir(lower, 0o755), os.Mkdir(upper, 0o755), os.Mkdir(work, 0o755)); err != nil {
		return nil, err
	}
	if err := m.fill(lower); err != nil {
		return nil, err
	}
	options := fmt.Sprintf("lowerdir=%s,upperdir=%s,workdir=%s", lower, upper, work)
	if err := m.mount("mmapguard-lab", dir, "overlay", 0, options); err != nil {
		return nil, err
	}
	return []string{LowerEnv + "=" + lower, UpperEnv + "=" + upper}, nil
}
