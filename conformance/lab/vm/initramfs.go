//go:build linux

package vm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/cavaliergopher/cpio"

	"github.com/mmapguard/go/conformance/lab/internal/guest"
)

// An initramfs is the machine's root file system, unpacked into memory by the
// kernel from one archive.
type initramfs struct {
	file *os.File
	w    *cpio.Writer
	dirs map[string]bool
}

func newInitramfs(name string) (*initramfs, error) {
	f, err := os.Create(name) // #nosec G304 -- in the run's own directory
	if err != nil {
		return nil, err
	}
	return &initramfs{f, cpio.NewWriter(f), map[string]bool{"/": true}}, nil
}

// close completes the archive.
func (r *initramfs) close() error { return errors.Join(r.w.Close(), r.file.Close()) }

// mkdir adds a directory and those above it: the kernel makes none by itself.
func (r *initramfs) mkdir(name string) error {
	if r.dirs[name] {
		return nil
	}
	if err := r.mkdir(path.Dir(name)); err != nil {
		return err
	}
	r.dirs[name] = true
	return r.w.WriteHeader(&cpio.Header{Name: name[1:], Mode: cpio.TypeDir | 0o755})
}

// write adds a file with that content.
func (r *initramfs) write(name string, content []byte, mode cpio.FileMode) error {
	if err := r.mkdir(path.Dir(name)); err != nil {
		return err
	}
	h := &cpio.Header{Name: name[1:], Mode: cpio.TypeReg | mode, Size: int64(len(content))}
	if err := r.w.WriteHeader(h); err != nil {
		return err
	}
	_, err := r.w.Write(content)
	return err
}

// copy adds a file of the host's.
func (r *initramfs) copy(name, source string) error {
	content, err := os.ReadFile(source) // #nosec G304 -- what the caller wants in the machine
	if err != nil {
		return err
	}
	return r.write(name, content, 0o755)
}

// copyTree adds a directory of the host's, if it is there; links and devices,
// which mean nothing in the machine, are refused.
func (r *initramfs) copyTree(name, source string) error {
	err := filepath.WalkDir(source, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(source, file)
		if err != nil {
			return err
		}
		target := path.Join(name, filepath.ToSlash(rel))
		switch {
		case d.IsDir():
			return r.mkdir(target)
		case d.Type().IsRegular():
			return r.copy(target, file)
		}
		return fmt.Errorf("%s is neither a file nor a directory", file)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// copySources adds the working directory's Go files: `go test` runs tests in
// their package's directory, and some read it.
func (r *initramfs) copySources() error {
	files, err := filepath.Glob("*.go")
	for _, file := range files {
		err = errors.Join(err, r.copy(path.Join(guest.WorkDir, file), file))
	}
	return err
}

// fill adds everything a machine needs for its task.
func (r *initramfs) fill(a arch, init, binary string, config guest.Config) error {
	dir, err := a.kernelDir()
	if err != nil {
		return err
	}
	task, err := json.Marshal(config)
	if err != nil {
		return err
	}
	err = errors.Join(
		r.copy("/init", init),
		r.write(guest.ConfigFile, bytes.TrimSpace(task), 0o644),
		r.copy(config.Command[0], binary),
		r.copyTree(guest.WorkDir+"/testdata", "testdata"),
		r.copySources(),
	)
	for _, m := range config.Modules {
		err = errors.Join(err, r.copy(path.Join(guest.ModuleDir, m), filepath.Join(dir, "modules", m)))
	}
	return err
}
