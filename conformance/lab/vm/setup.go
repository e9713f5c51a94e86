//go:build linux

package vm

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// Packages lists the Debian packages that bring an arch's emulator.
func Packages(name string) ([]string, error) {
	a, ok := archNamed(name)
	if !ok {
		return nil, unknown(name)
	}
	return []string{a.pkg}, nil
}

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
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(dir+".lock", os.O_RDWR|os.O_CREATE, 0o644)
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
	if err != nil || len(files) != 1 {
		return fmt.Errorf("download of %s left %q, %w", pkg, files, err)
	}
	kernel := filepath.Join(work, "kernel")
	if err := unpack(ctx, files[0], kernel); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(kernel, "package"), []byte(filepath.Base(files[0])), 0o644); err != nil {
		return err
	}
	return errors.Join(os.RemoveAll(dir), os.Rename(kernel, dir))
}

// An apt runs Debian's package tools for another architecture, with lists and
// caches in a directory of its own and no installed packages.
type apt struct{ work, config string }

func newAPT(work, debianArch string) (*apt, error) {
	for _, dir := range []string{"state/lists/partial", "cache/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(work, dir), 0o755); err != nil {
			return nil, err
		}
	}
	config := filepath.Join(work, "apt.conf")
	text := fmt.Sprintf(`#clear APT::Architectures;
APT::Architecture %[1]q;
APT::Architectures { %[1]q; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Dir::State %[2]q;
Dir::State::status "/dev/null";
Dir::Cache %[3]q;
`, debianArch, filepath.Join(work, "state"), filepath.Join(work, "cache"))
	return &apt{work, config}, os.WriteFile(config, []byte(text), 0o644)
}

// run returns what the tool printed.
func (t *apt) run(ctx context.Context, tool string, args ...string) (string, error) {
	var out, said bytes.Buffer
	cmd := exec.CommandContext(ctx, tool, args...)
	cmd.Dir = t.work
	cmd.Env = append(os.Environ(), "APT_CONFIG="+t.config, "LC_ALL=C")
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("%s %s: %w: %s", tool, strings.Join(args, " "), err, strings.TrimSpace(said.String()))
	}
	return out.String(), nil
}

// kernelPackage asks which package the always-newest one stands for. A mirror
// may fail to deliver some of its lists; that matters only if the answer is not
// among the others.
func (t *apt) kernelPackage(ctx context.Context, meta string) (string, error) {
	_, failed := t.run(ctx, "apt-get", "-q", "update")
	out, err := t.run(ctx, "apt-cache", "depends", meta)
	lines := bufio.NewScanner(strings.NewReader(out))
	for lines.Scan() {
		if pkg, ok := strings.CutPrefix(strings.TrimSpace(lines.Text()), "Depends: linux-image-"); ok {
			return "linux-image-" + pkg, nil
		}
	}
	return "", fmt.Errorf("which kernel is %s: %w", meta, errors.Join(err, failed, lines.Err()))
}
