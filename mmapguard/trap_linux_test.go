package mmapguard_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

func init() {
	deeds["fifo"] = func(path string, _ []string) (string, error) {
		if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
			return "", err
		}
		return "", unix.Mkfifo(path, 0o600)
	}
	deeds["punch"] = func(path string, args []string) (string, error) {
		return "", punchHole(path, number(args[0]), number(args[1]))
	}
	punch = punchHole
}

func punchHole(path string, off, n int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	err = unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, off, n)
	return errors.Join(err, f.Close())
}

// mapsOf are the lines of /proc/self/maps about a file.
func mapsOf(t testing.TB, path string) (lines []string) {
	t.Helper()
	all, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(all)) {
		if strings.Contains(line, path) {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

func TestTrap06_TheMapIsSharedAndForReadingOnly(t *testing.T) {
	path := newFile(t, page)
	d := mapFile(t, path)
	lines := mapsOf(t, path)
	if len(lines) != 1 || strings.Fields(lines[0])[1] != "r--s" {
		t.Errorf("the map is %q, want one r--s: a private one could be made writable", lines)
	}
	if err := unix.Mprotect(d.Bytes(), unix.PROT_READ|unix.PROT_WRITE); !errors.Is(err, unix.EACCES) {
		t.Errorf("making the map writable: %v, want EACCES", err)
	}
}

func TestTrap08_MadeUpFilesAreRefusedAsSuch(t *testing.T) {
	for _, c := range []struct{ path, says string }{
		{"/proc/self/status", "proc"}, // fstat says 0 bytes
		{"/proc/cpuinfo", "proc"},
		{"/sys/kernel/mm/transparent_hugepage/enabled", "sysfs"}, // fstat says 4096
		{"/proc/self/ns/net", ""},                                // nsfs
	} {
		if _, err := os.Stat(c.path); err != nil {
			t.Logf("without %s: %v", c.path, err)
			continue
		}
		_, err := mmapguard.MapFile(c.path)
		wantErr(t, err, mmapguard.ErrNotRegular, c.path)
		if errors.Is(err, mmapguard.ErrEmpty) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("error %q, want one about %q", err, c.says)
		}
	}
}

func TestTrap12_KernelsBadAddressIsAFault(t *testing.T) {
	for name, writer := range kernelWriters(t) {
		t.Run(name, func(t *testing.T) {
			d, path := truncated(t)
			n, err := d.WriteTo(writer)
			// A socket takes all of a write or nothing.
			if n != int64(page) && (name != "socket" || n != 0) {
				t.Errorf("%d bytes written, want the page that is there", n)
			}
			wantFault(t, err, "write", path, int64(page))
			if errors.Is(err, syscall.EFAULT) {
				t.Errorf("error %v still speaks of an address", err)
			}
		})
	}
}

// kernelWriters are writers that get the mapping itself.
func kernelWriters(t *testing.T) map[string]interface{ Write([]byte) (int, error) } {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	r, pipe, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	drain(t, r)
	listener, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	socket, err := net.Dial("unix", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	peer, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	drain(t, peer)
	t.Cleanup(func() {
		if err := errors.Join(file.Close(), pipe.Close(), socket.Close(), listener.Close()); err != nil {
			t.Error(err)
		}
	})
	return map[string]interface{ Write([]byte) (int, error) }{"file": file, "pipe": pipe, "socket": socket}
}

// drain reads a stream to its end in the background, until the test ends; the
// test has to close the other end.
func drain(t testing.TB, r io.ReadCloser) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = io.Copy(io.Discard, r)
	}()
	t.Cleanup(func() {
		<-done
		_ = r.Close()
	})
}

// descriptors are the open descriptors of the file at path with their access
// modes, as the kernel tells them.
func descriptors(t testing.TB, path string) (modes []int) {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if to, err := os.Readlink("/proc/self/fd/" + e.Name()); err != nil || to != path {
			continue
		}
		mode, err := accessMode(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		modes = append(modes, mode)
	}
	return modes
}

func accessMode(fd string) (int, error) {
	info, err := os.ReadFile("/proc/self/fdinfo/" + fd)
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(info)) {
		if value, ok := strings.CutPrefix(line, "flags:"); ok {
			flags, err := strconv.ParseInt(strings.TrimSpace(value), 8, 64)
			return int(flags) & unix.O_ACCMODE, err
		}
	}
	return 0, fmt.Errorf("no flags of descriptor %s", fd)
}
