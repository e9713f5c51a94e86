//go:build linux

package vm

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// unpack takes the kernel and those modules that a test of files can need out of
// a Debian package; all modules together would be 300 MiB.
func unpack(ctx context.Context, deb, dir string) error {
	modules := filepath.Join(dir, "modules")
	if err := os.MkdirAll(modules, 0o750); err != nil {
		return err
	}
	// #nosec G204 -- a package that was just downloaded
	cmd := exec.CommandContext(ctx, "dpkg-deb", "--fsys-tarfile", deb)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	err = unpackTar(tar.NewReader(out), dir)
	if err := errors.Join(err, cmd.Wait()); err != nil {
		return fmt.Errorf("unpack %s: %w", filepath.Base(deb), err)
	}
	return nil
}

func unpackTar(r *tar.Reader, dir string) error {
	for {
		h, err := r.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if name := placeOf(h.Name); name != "" && h.Typeflag == tar.TypeReg {
			if err := save(filepath.Join(dir, name), r); err != nil {
				return err
			}
		}
	}
}

// builtinFile lists the modules that are part of the kernel itself.
const builtinFile = "builtin"

// moduleFolders are those parts of a kernel's modules that are kept.
var moduleFolders = []string{"/fs/", "/lib/", "/crypto/", "/block/", "/arch/", "/drivers/block/",
	"/drivers/md/", "/drivers/virtio/", "/drivers/s390/virtio/", "/drivers/char/", "/drivers/dax/"}

// placeOf is where a file of the package goes; "" if it is not wanted.
func placeOf(name string) string {
	name = strings.TrimPrefix(name, ".")
	base := path.Base(name)
	if strings.HasPrefix(name, "/boot/vmlinu") {
		return "kernel"
	}
	if base == "modules.builtin" {
		return builtinFile
	}
	_, inKernel, _ := strings.Cut(name, "/kernel/")
	for _, folder := range moduleFolders {
		if strings.HasSuffix(base, ".ko") && strings.HasPrefix("/"+inKernel, folder) {
			return path.Join("modules", base)
		}
	}
	return ""
}

func save(name string, r io.Reader) error {
	f, err := os.Create(name) // #nosec G304 -- placeOf keeps it in the cache
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Close())
}
