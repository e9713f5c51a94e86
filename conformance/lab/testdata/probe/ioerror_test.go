//go:build linux

package probe

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/lab/ioerror"
)

// TestIOError breaks a block under a file: reading it is EIO, in a map it is a
// fault, its neighbours stay readable, and it comes back when the disk is healed.
func TestIOError(t *testing.T) {
	name, content := randomFile(t, "broken")
	page := os.Getpagesize()
	bad := 7*page + 123
	if err := ioerror.Fail(name, int64(bad)); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(name)
	if !errors.Is(err, unix.EIO) || !bytes.Equal(got, content[:len(got)]) || len(got) > bad {
		t.Errorf("read %d bytes, %v; want fewer than %d and EIO", len(got), err, bad)
	}
	b := mapFile(t, name)
	if fault := load(b, bad); fault == nil {
		t.Errorf("the broken page is readable in a map")
	}
	if fault := load(b, bad+2*page); fault != nil || sink != content[bad+2*page] {
		t.Errorf("another page: %v, %d; want %d", fault, sink, content[bad+2*page])
	}
	if err := ioerror.Heal(name); err != nil {
		t.Fatal(err)
	}
	if got, err = os.ReadFile(name); err != nil || !bytes.Equal(got, content) {
		t.Errorf("healed: %d bytes, %v", len(got), err)
	}
}
