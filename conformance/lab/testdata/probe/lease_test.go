//go:build linux

package probe

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// TestLease prints the kernel's answer to a read lease.
func TestLease(t *testing.T) {
	name := filepath.Join(os.Getenv("MMAPGUARD_TEST_DIR"), "leased")
	if err := os.WriteFile(name, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, err = unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_RDLCK)
	t.Log("lease:", err)
}
