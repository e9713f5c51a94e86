//go:build linux

package faultfs

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestMain(m *testing.M) {
	Init()
	os.Exit(m.Run())
}

// mount serves a fresh directory with the spec until the test ends.
func mount(t *testing.T, text string) (dir, backing string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root: mount")
	}
	if f, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0); err != nil {
		t.Skip(err)
	} else if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	spec, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	dir, backing = t.TempDir(), t.TempDir()
	child, err := Start(dir, backing, spec)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := child.Stop(); err != nil {
			t.Error(err)
		}
	})
	return dir, backing
}

// page is filled with its number plus one.
func page(n int) []byte {
	return bytes.Repeat([]byte{byte(n + 1)}, os.Getpagesize()) // #nosec G115 -- files have few pages
}

// file makes a file of so many pages behind the mount and opens it through it.
func file(t *testing.T, dir, backing, name string, pages int) *os.File {
	t.Helper()
	var content []byte
	for n := range pages {
		content = append(content, page(n)...)
	}
	if err := os.WriteFile(filepath.Join(backing, name), content, 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() }) // read only: nothing can be lost
	return f
}

// mapped maps so many bytes of f until the test ends.
func mapped(t *testing.T, f *os.File, n int) []byte {
	t.Helper()
	b, err := unix.Mmap(int(f.Fd()), 0, n, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Munmap(b); err != nil {
			t.Error(err)
		}
	})
	return b
}

// load reads one byte of mapped memory and reports whether that faulted.
func load(b []byte, i int) (v byte, faulted bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() { faulted = recover() != nil }()
	return b[i], false
}

func TestBadPageFailsAloneInReadsAndMaps(t *testing.T) {
	dir, backing := mount(t, "")
	f := file(t, dir, backing, "data@eio=3", 8)
	size := os.Getpagesize()
	b := mapped(t, f, 8*size)
	for n := range 8 {
		buf := make([]byte, size)
		_, err := f.ReadAt(buf, int64(n*size))
		v, faulted := load(b, n*size+17)
		if n == 3 {
			if !errors.Is(err, unix.EIO) || !faulted {
				t.Errorf("page 3: read %v, fault %v; want EIO, true", err, faulted)
			}
			continue
		}
		if err != nil || !bytes.Equal(buf, page(n)) {
			t.Errorf("page %d: read %v, byte %d", n, err, buf[0])
		}
		if faulted || v != byte(n+1) {
			t.Errorf("page %d: mapped byte %d, fault %v", n, v, faulted)
		}
	}
}

func TestRulesApplyByName(t *testing.T) {
	dir, backing := mount(t, "*.bad@eio;*.long@size=+9")
	if _, err := file(t, dir, backing, "a.bad", 1).ReadAt(make([]byte, 1), 0); !errors.Is(err, unix.EIO) {
		t.Errorf("a.bad: %v; want EIO", err)
	}
	if _, err := file(t, dir, backing, "a.good", 1).ReadAt(make([]byte, 1), 0); err != nil {
		t.Errorf("a.good: %v", err)
	}
	st, err := file(t, dir, backing, "a.long", 1).Stat()
	if err != nil || st.Size() != int64(os.Getpagesize()+9) {
		t.Errorf("a.long: %v, %v", st.Size(), err)
	}
}

func TestShortReadsLoseTheRest(t *testing.T) {
	dir, backing := mount(t, "")
	f := file(t, dir, backing, "data@short=100", 1)
	buf := make([]byte, 200)
	n, err := f.ReadAt(buf, 0)
	if bytes.Equal(buf, page(0)[:200]) {
		t.Errorf("all bytes arrived: %d, %v", n, err)
	}
	if !bytes.Equal(buf[:100], page(0)[:100]) {
		t.Errorf("the first 100 bytes are wrong")
	}
}

func TestSizeLies(t *testing.T) {
	dir, backing := mount(t, "")
	for name, want := range map[string]int64{"a@size=+5": 4101, "b@size=-96": 4000, "c@size=-99999": 0} {
		if os.Getpagesize() != 4096 {
			t.Skip("the figures are for 4 KiB pages")
		}
		st, err := file(t, dir, backing, name, 1).Stat()
		if err != nil || st.Size() != want {
			t.Errorf("%s: size %d, %v; want %d", name, st.Size(), err, want)
		}
	}
}

func TestHangDelaysThePage(t *testing.T) {
	dir, backing := mount(t, "")
	f := file(t, dir, backing, "data@hang=2:300ms", 4)
	began := time.Now()
	if _, err := f.ReadAt(make([]byte, 1), int64(2*os.Getpagesize())); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took < 300*time.Millisecond {
		t.Errorf("read of the page took %v; want at least 300ms", took)
	}
}

func TestDeathOfTheServer(t *testing.T) {
	dir, backing := mount(t, "")
	f := file(t, dir, backing, "data@die=1", 4)
	b := mapped(t, f, 4*os.Getpagesize())
	if v, faulted := load(b, 0); faulted || v != 1 {
		t.Errorf("before: byte %d, fault %v", v, faulted)
	}
	if _, faulted := load(b, os.Getpagesize()); !faulted {
		t.Errorf("the fatal page was readable")
	}
	if _, err := os.Stat(filepath.Join(dir, "data@die=1")); !errors.Is(err, unix.ENOTCONN) {
		t.Errorf("after: %v; want ENOTCONN", err)
	}
}

func TestLocks(t *testing.T) {
	dir, backing := mount(t, "")
	for name, want := range map[string]error{"a": unix.EWOULDBLOCK, "a@nolock": unix.ENOLCK, "a@nolock=enosys": unix.ENOSYS} {
		first, second := file(t, dir, backing, name, 1), file(t, dir, backing, name, 1)
		err := unix.Flock(int(first.Fd()), unix.LOCK_SH|unix.LOCK_NB)
		if err == nil {
			err = unix.Flock(int(second.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		}
		if !errors.Is(err, want) {
			t.Errorf("%s: %v; want %v", name, err, want)
		}
	}
}

func TestLockReachesTheFileBehind(t *testing.T) {
	dir, backing := mount(t, "")
	front := file(t, dir, backing, "a", 1)
	behind, err := os.Open(filepath.Join(backing, "a"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = behind.Close() }() // only locked
	if err := unix.Flock(int(front.Fd()), unix.LOCK_SH|unix.LOCK_NB); err != nil {
		t.Fatal(err)
	}
	if err := unix.Flock(int(behind.Fd()), unix.LOCK_EX|unix.LOCK_NB); !errors.Is(err, unix.EWOULDBLOCK) {
		t.Errorf("exclusive lock behind the mount: %v; want EWOULDBLOCK", err)
	}
}

func TestDirectAndMmap(t *testing.T) {
	dir, backing := mount(t, "")
	open := func(name string, flags int) error {
		file(t, dir, backing, name, 1)
		fd, err := unix.Open(filepath.Join(dir, name), unix.O_RDONLY|flags, 0)
		if err != nil {
			return err
		}
		defer func() { _ = unix.Close(fd) }() // only mapped
		b, err := unix.Mmap(fd, 0, 1, unix.PROT_READ, unix.MAP_SHARED)
		if err != nil {
			return err
		}
		return unix.Munmap(b)
	}
	for name, want := range map[string]error{"a": nil, "a@nodirect": unix.EINVAL} {
		if err := open(name, unix.O_DIRECT); !errors.Is(err, want) {
			t.Errorf("%s with O_DIRECT: %v; want %v", name, err, want)
		}
	}
	for name, want := range map[string]error{"b": nil, "b@nommap": unix.ENODEV} {
		if err := open(name, 0); !errors.Is(err, want) {
			t.Errorf("%s mapped: %v; want %v", name, err, want)
		}
	}
}

func TestStrangerOwnsUnleasable(t *testing.T) {
	dir, backing := mount(t, "")
	var st unix.Stat_t
	if err := unix.Fstat(int(file(t, dir, backing, "a@nolease", 1).Fd()), &st); err != nil || st.Uid != strangerID {
		t.Errorf("owner %d, %v", st.Uid, err)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{"nonsense", "eio=x", "eio=-1", "hang", "hang=3", "short", "size", "nolock=eio",
		"nolease=1", "[@eio", "eio;", "eio,,die"} {
		if spec, err := Parse(text); err == nil {
			t.Errorf("%q was read as %+v", text, spec)
		}
	}
	if _, err := Parse("*.bin@eio=3,short=7;hang=2:1s;nolock=enosys;size=-3;die=4"); err != nil {
		t.Error(err)
	}
}

func TestOpenAgainWithoutAName(t *testing.T) {
	dir, backing := mount(t, "")
	f := file(t, dir, backing, "data@size=+1", 2)
	if err := os.Remove(f.Name()); err != nil {
		t.Fatal(err)
	}
	again, err := os.Open(fmt.Sprintf("/proc/self/fd/%d", f.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }() // only read
	buf := make([]byte, os.Getpagesize())
	if _, err := again.ReadAt(buf, int64(os.Getpagesize())); err != nil || !bytes.Equal(buf, page(1)) {
		t.Errorf("%v, byte %d", err, buf[0])
	}
	var statfs unix.Statfs_t
	if err := unix.Fstatfs(int(again.Fd()), &statfs); err != nil {
		t.Error(err)
	}
	st, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	now, err := again.Stat()
	if err != nil || !os.SameFile(st, now) {
		t.Errorf("another file: %v", err)
	}
}

func TestPermissionsCount(t *testing.T) {
	dir, backing := mount(t, "")
	f := file(t, dir, backing, "secret", 1)
	for mode, want := range map[os.FileMode]bool{0o600: false, 0o644: true} {
		if err := os.Chmod(f.Name(), mode); err != nil {
			t.Fatal(err)
		}
		// By descriptor: t.TempDir keeps strangers out by itself.
		cmd := exec.CommandContext(t.Context(), "cat", "/proc/self/fd/3")
		cmd.ExtraFiles = []*os.File{f}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: strangerID, Gid: strangerID}}
		out, err := cmd.CombinedOutput()
		if read := err == nil; read != want {
			t.Errorf("mode %o: a stranger read %d bytes, %v", mode, len(out), err)
		}
	}
}
