package mmapguard_test

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

func TestWhatIsNotARegularFileSaysWhatItIs(t *testing.T) {
	dir := t.TempDir()
	pipe, socket := filepath.Join(dir, "pipe"), filepath.Join(dir, "socket")
	attack(t, "fifo", pipe)
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	for _, c := range []struct{ path, says string }{
		{dir, "a directory"},
		{pipe, "a pipe"},
		{socket, "a socket"},
		{"/dev/null", "a character device"},
		{"/dev/tty", "device"},
		{"/proc/self/fd", "a directory"},
	} {
		_, err := mmapguard.MapFile(c.path)
		wantErr(t, err, mmapguard.ErrNotRegular, c.path)
		if !strings.Contains(err.Error(), c.says) {
			t.Errorf("error %q, want one that says %q", err, c.says)
		}
	}
}

func TestBlockDevice(t *testing.T) {
	entries, err := os.ReadDir("/sys/class/block")
	if err != nil || len(entries) == 0 {
		t.Skip("needs a block device: ", err)
	}
	for _, e := range entries {
		path := "/dev/" + e.Name()
		if _, err := os.Stat(path); err != nil {
			continue
		}
		_, err := mmapguard.MapFile(path)
		if errors.Is(err, fs.ErrPermission) {
			continue
		}
		wantErr(t, err, mmapguard.ErrNotRegular, path)
	}
}

// Permission is asked as another user: root may open everything.
var _ = role("no permission", func(args []string) error {
	if os.Geteuid() == 0 {
		if err := errors.Join(syscall.Setgid(65534), syscall.Setuid(65534)); err != nil {
			return err
		}
	}
	_, err := mmapguard.MapFile(args[0])
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), args[0]) {
		return errors.Join(errors.New("want a refusal"), err)
	}
	return nil
})

func TestPermission(t *testing.T) {
	path := newFile(t, page)
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	runOK(t, "no permission", path)
}

// A file system of its own, in a mount namespace that ends with the process:
// tmpfs answers a read of a hole with a fault when it has no page left. It
// stands for every page that cannot be read.
var _ = role("unreadable", func(args []string) error {
	if err := unix.Mount("mmapguard", args[0], "tmpfs", 0, "size=64k"); err != nil {
		return err
	}
	path := filepath.Join(args[0], "sparse")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		return err
	}
	if err := os.Truncate(path, 1<<20); err != nil {
		return err
	}
	_, err := mmapguard.MapFile(path, mmapguard.WithPopulate())
	var fault *mmapguard.FaultError
	if !errors.As(err, &fault) || fault.Op != "populate" || fault.Name != path || fault.Offset < 0 || fault.Offset >= 1<<20 {
		return errors.Join(errors.New("want a fault from WithPopulate"), err)
	}
	if answer, err := tryLock(path, nil); err != nil || answer != "free" {
		return errors.Join(errors.New("the failed open left its lock: "+answer), err)
	}
	d, err := mmapguard.MapFile(path)
	if err != nil {
		return err
	}
	if n, err := d.ReadAt(make([]byte, 1<<20), 0); n != 0 || !errors.Is(err, mmapguard.ErrFault) {
		return errors.Join(errors.New("want a fault from ReadAt"), err)
	}
	return d.Close()
})

func TestPageThatCannotBeReadIsAnErrorAtOpenUnderPopulate(t *testing.T) {
	dir := t.TempDir()
	got := run(t, func(c *exec.Cmd) {
		c.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
		if os.Geteuid() != 0 {
			t.Skip("needs root, to mount a file system")
		}
	}, "unreadable", dir)
	if got.code != 0 {
		t.Fatal(got.stderr)
	}
}
