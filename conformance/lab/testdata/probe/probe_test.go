//go:build linux

// Package probe is compiled and run in every environment to see that it is what
// it says. It lies in testdata so that it runs nowhere else by accident.
package probe

import (
	"net"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/debug"
	"testing"

	"golang.org/x/sys/unix"
)

// TestWhere prints what the environment is; its caller judges.
func TestWhere(t *testing.T) {
	var uts unix.Utsname
	if err := unix.Uname(&uts); err != nil {
		t.Fatal(err)
	}
	var fs unix.Statfs_t
	if err := unix.Statfs(os.Getenv("MMAPGUARD_TEST_DIR"), &fs); err != nil {
		t.Fatal(err)
	}
	t.Logf("goarch=%s page=%d kernel=%s cpus=%d fs=%s magic=%#x dir=%s",
		runtime.GOARCH, os.Getpagesize(), unix.ByteSliceToString(uts.Release[:]), runtime.NumCPU(),
		os.Getenv("MMAPGUARD_TEST_FS"), uint32(fs.Type), os.Getenv("MMAPGUARD_TEST_DIR"))
}

// TestFault truncates a mapped file and reads past the new end: the fault must
// arrive as a panic that names an address in the page.
func TestFault(t *testing.T) {
	page := os.Getpagesize()
	f, err := os.Create(filepath.Join(os.Getenv("MMAPGUARD_TEST_DIR"), "fault"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Truncate(int64(2 * page)); err != nil {
		t.Fatal(err)
	}
	b, err := unix.Mmap(int(f.Fd()), 0, 2*page, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Munmap(b)
	if err := f.Truncate(1); err != nil {
		t.Fatal(err)
	}
	fault := load(b, page+100)
	if fault == nil {
		t.Fatal("no fault")
	}
	want := reflect.ValueOf(b).Pointer() + uintptr(page)
	// Some processors drop the low bits.
	if fault.Addr()/uintptr(page) != want/uintptr(page) {
		t.Errorf("fault at %#x; want the page at %#x", fault.Addr(), want)
	}
}

// addressed is what the runtime panics with for a fault.
type addressed interface {
	error
	Addr() uintptr
}

// load reads b[i] and returns the fault that this caused, or nil.
func load(b []byte, i int) (fault addressed) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			fault, _ = r.(addressed)
			if fault == nil {
				panic(r)
			}
		}
	}()
	sink = b[i]
	return nil
}

var sink byte

// TestLoopback talks to itself by TCP.
func TestLoopback(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
}
