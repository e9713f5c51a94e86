package mmapguard_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

var (
	enforced  = mmapguard.WithGuarantee(mmapguard.Enforced)
	leaseOnly = mmapguard.WithMechanisms(mmapguard.MechanismLease)
)

// onFileSystem is the type of the file system that the tests' files lie on.
func onFileSystem(t testing.TB) uint32 {
	t.Helper()
	var st unix.Statfs_t
	if err := unix.Statfs(t.TempDir(), &st); err != nil {
		t.Fatal(err)
	}
	return uint32(st.Type)
}

// needsLeases skips on file systems that must not serve leases.
func needsLeases(t testing.TB) {
	t.Helper()
	switch fs := onFileSystem(t); fs {
	case unix.EXT4_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.TMPFS_MAGIC:
	default:
		t.Skipf("no lease is to be trusted on a file system of type %#x", fs)
	}
}

// leased maps a file of n bytes under a lease, and tells what must stay.
func leased(t testing.TB, n int, opts ...mmapguard.Option) (d *mmapguard.FileData, path string, want []byte) {
	t.Helper()
	needsLeases(t)
	path, want = newFile(t, n), contents(n, 1)
	d = mapFile(t, path, append(opts, enforced, leaseOnly)...)
	if d.Guarantee() != mmapguard.Enforced || d.Mechanism() != mmapguard.MechanismLease {
		t.Fatalf("got %v by %v", d.Guarantee(), d.Mechanism())
	}
	return d, path, want
}

// startWriter lets a process of its own change the file.
func startWriter(t testing.TB, writer, path string) (wait func() error) {
	t.Helper()
	cmd := childCommand(context.Background(), "writer", writer, path)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return func() error {
		if err := cmd.Wait(); err != nil {
			return fmt.Errorf("%s: %w: %s", writer, err, stderr.String())
		}
		return nil
	}
}

// sameEverywhere compares all three ways to the bytes.
func sameEverywhere(d *mmapguard.FileData, raw, want []byte) error {
	got := make([]byte, len(want))
	if _, err := d.ReadAt(got, 0); err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return errors.New("ReadAt sees other bytes")
	}
	if !bytes.Equal(raw, want) {
		return errors.New("Bytes shows other bytes")
	}
	return d.View(func(b []byte) error {
		if !bytes.Equal(b, want) {
			return errors.New("View lends other bytes")
		}
		return nil
	})
}

// watching compares in a loop until stop is called, so that it sees every
// moment of an attack.
func watching(d *mmapguard.FileData, raw, want []byte) (stop func() error) {
	var end atomic.Bool
	var wg sync.WaitGroup
	var failed error
	started := make(chan struct{})
	wg.Go(func() {
		for first := true; failed == nil && !end.Load(); first = false {
			failed = sameEverywhere(d, raw, want)
			if first {
				close(started)
			}
		}
	})
	<-started
	return func() error {
		end.Store(true)
		wg.Wait()
		return failed
	}
}

// No process that ignores locks can change what a leased handle shows, at any
// moment of what it does, and it is not kept from doing it.
func TestEnforced_EveryWriterIsSurvived(t *testing.T) {
	for writer := range writers {
		t.Run(writer, func(t *testing.T) {
			d, path, want := leased(t, 3<<20+5)
			raw := d.Bytes()
			stop := watching(d, raw, want)
			if err := startWriter(t, writer, path)(); err != nil {
				t.Fatal(err)
			}
			if err := stop(); err != nil {
				t.Fatal(err)
			}
			now, err := os.ReadFile(path)
			if err != nil || bytes.Equal(now, want) {
				t.Fatalf("the writer changed nothing (%v)", err)
			}
			if err := sameEverywhere(d, raw, want); err != nil {
				t.Error(err)
			}
			if changed, err := d.Changed(); changed || err != nil {
				t.Errorf("Changed = %v, %v after a rescue, want false", changed, err)
			}
			closeOK(t, d)
		})
	}
}

// A range that starts and ends anywhere is rescued where it lies.
func TestEnforced_RangeIsRescued(t *testing.T) {
	needsLeases(t)
	const size, off, n = 1 << 20, 70001, 300007
	path := newFile(t, size)
	d := mapFile(t, path, enforced, leaseOnly, mmapguard.WithRange(off, n))
	want := contents(size, 1)[off : off+n]
	raw := d.Bytes()
	truncate(t, path, 0)
	if err := sameEverywhere(d, raw, want); err != nil {
		t.Error(err)
	}
}

// Many leases of many files break at once, some of them several on one file,
// while others are being closed and opened.
func TestEnforced_ManyBreakAtOnce(t *testing.T) {
	needsLeases(t)
	const files, handles, size = 12, 4, 512 << 10
	want := contents(size, 1)
	type open struct {
		d   *mmapguard.FileData
		raw []byte
	}
	var all []open
	var paths []string
	for range files {
		path := newFile(t, size)
		paths = append(paths, path)
		for range handles {
			d := mapFile(t, path, enforced, leaseOnly)
			all = append(all, open{d, d.Bytes()})
		}
	}
	var waits []func() error
	for i, path := range paths {
		waits = append(waits, startWriter(t, []string{"truncate", "open O_TRUNC", "rewrite in place"}[i%3], path))
	}
	// Every fourth handle is closed while the writers come.
	for i := 0; i < len(all); i += 4 {
		closeOK(t, all[i].d)
	}
	for _, wait := range waits {
		if err := wait(); err != nil {
			t.Error(err)
		}
	}
	for i, o := range all {
		if i%4 == 0 {
			continue
		}
		if err := sameEverywhere(o.d, o.raw, want); err != nil {
			t.Errorf("handle %d: %v", i, err)
		}
		closeOK(t, o.d)
	}
	if n, watched := mmapguard.Leases(); n != 0 || watched {
		t.Errorf("%d leases are left, watched: %v", n, watched)
	}
}

// Handles are closed at every moment of a break.
func TestEnforced_CloseDuringBreak(t *testing.T) {
	needsLeases(t)
	for _, at := range []mmapguard.Step{mmapguard.BeforeRescue, mmapguard.BeforeDrop} {
		path := newFile(t, 8<<20)
		reached, resume := make(chan struct{}), make(chan struct{})
		restore := mmapguard.SetStep(func(s mmapguard.Step) {
			if s == at {
				close(reached)
				<-resume
			}
		})
		d := mapFile(t, path, enforced, leaseOnly)
		wait := startWriter(t, "truncate", path)
		<-reached
		closed := make(chan error)
		go func() { closed <- d.Close() }()
		close(resume)
		if err := <-closed; err != nil {
			t.Errorf("Close: %v", err)
		}
		if err := wait(); err != nil {
			t.Error(err)
		}
		if n, watched := mmapguard.Leases(); n != 0 || watched {
			t.Errorf("%d leases are left, watched: %v", n, watched)
		}
		restore()
	}
}

// A writer who is there already is no surprise but an error.
func TestEnforced_WriterIsThereAlready(t *testing.T) {
	needsLeases(t)
	path := newFile(t, 4096)
	attack(t, "hold open for writing", path)
	_, err := mmapguard.MapFile(path, enforced)
	wantErr(t, err, mmapguard.ErrLocked, path)
	attack(t, "let go", path)
	mapFile(t, path, enforced, leaseOnly)
}

// Also the program's own writers wait for the rescue.
func TestEnforced_OwnWriter(t *testing.T) {
	d, path, want := leased(t, 1<<20)
	raw := d.Bytes()
	if err := os.Truncate(path, 1); err != nil {
		t.Fatal(err)
	}
	if err := sameEverywhere(d, raw, want); err != nil {
		t.Error(err)
	}
}

// A child that still has the descriptor does not keep the lease alive.
func TestEnforced_ChildHasDescriptor(t *testing.T) {
	d, path, _ := leased(t, 4096)
	cmd := exec.Command("cat")
	cmd.ExtraFiles = []*os.File{mmapguard.LeaseFile(d)}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skipf("cat is missing: %v", err)
	}
	closeOK(t, d)
	f, err := os.OpenFile(path, os.O_WRONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Errorf("a writer finds the lease of a closed handle: %v", err)
	} else {
		_ = f.Close()
	}
	_ = in.Close()
	_ = cmd.Wait()
}
