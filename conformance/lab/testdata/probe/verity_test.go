//go:build linux

package probe

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/lab/verity"
)

// pages is the length of the files that get damaged.
const pages = 16

// randomFile makes a file of random bytes in the test directory.
func randomFile(t *testing.T, name string) (string, []byte) {
	t.Helper()
	name = filepath.Join(os.Getenv("MMAPGUARD_TEST_DIR"), name)
	content := make([]byte, pages*os.Getpagesize())
	rand.Read(content)
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return name, content
}

// mapFile maps a file until the test ends.
func mapFile(t *testing.T, name string) []byte {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := unix.Mmap(int(f.Fd()), 0, pages*os.Getpagesize(), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Munmap(b) })
	return b
}

// TestVerity enables fs-verity and damages a block: writing is refused, the
// other blocks stay readable, the damaged one is EIO for read and a fault in a
// map.
func TestVerity(t *testing.T) {
	name, content := randomFile(t, "verity")
	if on, err := verity.Enabled(name); on || err != nil {
		t.Fatalf("before: %v, %v", on, err)
	}
	if err := verity.Enable(name); err != nil {
		t.Fatal(err)
	}
	if on, err := verity.Enabled(name); !on || err != nil {
		t.Fatalf("after: %v, %v", on, err)
	}
	if f, err := os.OpenFile(name, os.O_WRONLY, 0); !errors.Is(err, os.ErrPermission) {
		t.Errorf("open for writing: %v, %v", f, err)
	}
	page := os.Getpagesize()
	bad := 7*page + 123
	if err := verity.Corrupt(name, int64(bad)); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(name)
	if !errors.Is(err, unix.EIO) || !bytes.Equal(got, content[:len(got)]) || len(got) > bad {
		t.Errorf("read %d bytes, %v; want fewer than %d and EIO", len(got), err, bad)
	}
	b := mapFile(t, name)
	if fault := load(b, bad); fault == nil {
		t.Errorf("the damaged page is readable in a map")
	} else {
		t.Logf("read: %v; map: fault at %#x (map at bad page: %#x)", err, fault.Addr(), bad)
	}
	last := len(content) - 1
	if fault := load(b, last); fault != nil || sink != content[last] {
		t.Errorf("the last byte: %v, %d; want %d", fault, sink, content[last])
	}
}

// TestDamageShowsWithoutVerity is the counter-check: the same damage to an
// unprotected file is read as wrong bytes, without any error.
func TestDamageShowsWithoutVerity(t *testing.T) {
	name, content := randomFile(t, "plain")
	bad := 7*os.Getpagesize() + 123
	if err := verity.Corrupt(name, int64(bad)); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(name)
	content[bad] = ^content[bad]
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("read %d bytes, %v; want the damaged bytes", len(got), err)
	}
}
