package mmapguard_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

// revoked checks that there is no way to a handle's bytes any more.
func revoked(t testing.TB, d *mmapguard.FileData, path string) {
	t.Helper()
	_, err := d.ReadAt(make([]byte, 8), 0)
	wantErr(t, err, mmapguard.ErrRevoked, path)
	err = d.View(func([]byte) error { t.Error("a revoked handle lends its bytes"); return nil })
	wantErr(t, err, mmapguard.ErrRevoked, path)
	_, err = d.WriteTo(&bytes.Buffer{})
	wantErr(t, err, mmapguard.ErrRevoked, path)
	if d.Bytes() != nil {
		t.Error("a revoked handle shows its bytes")
	}
}

// A rescue that runs out of time makes the bytes inaccessible before the writer
// gets in, also under a view that is running.
func TestEnforced_OutOfTime(t *testing.T) {
	needsLeases(t)
	if onFileSystem(t) == unix.XFS_SUPER_MAGIC || onFileSystem(t) == unix.BTRFS_SUPER_MAGIC {
		t.Skip("a rescue by clone takes no time that could run out")
	}
	t.Cleanup(mmapguard.SetLeaseBreakTime(time.Nanosecond))
	var d *mmapguard.FileData
	dropped := make(chan struct{})
	t.Cleanup(mmapguard.SetStep(func(s mmapguard.Step) {
		if s == mmapguard.BeforeDrop {
			close(dropped)
		}
	}))
	d, path, want := leased(t, 1<<20)
	var wait func() error
	err := d.View(func(b []byte) error {
		wait = startWriter(t, "rewrite in place", path)
		<-dropped
		if bytes.Equal(b, want) { // faults: nothing is readable any more
			return nil
		}
		return errors.New("the lent bytes are other bytes")
	})
	wantErr(t, err, mmapguard.ErrRevoked, path)
	if err := wait(); err != nil {
		t.Error(err)
	}
	revoked(t, d, path)
	closeOK(t, d)
}

// A lease that the kernel took away is noticed, and the bytes with it.
func TestEnforced_LostLease(t *testing.T) {
	d, path, _ := leased(t, 1<<20)
	if err := mmapguard.LoseLease(d); err != nil {
		t.Fatal(err)
	}
	if !collectUntil(func() bool { _, err := d.ReadAt(make([]byte, 1), 0); return err != nil }) {
		t.Fatal("nobody noticed")
	}
	revoked(t, d, path)
	closeOK(t, d)
}

// Without memory for the copy the bytes become inaccessible, and the writer is
// let in all the same.
func TestEnforced_OutOfMemory(t *testing.T) {
	needsLeases(t)
	if onFileSystem(t) == unix.XFS_SUPER_MAGIC || onFileSystem(t) == unix.BTRFS_SUPER_MAGIC {
		t.Skip("a rescue by clone takes no memory that could run out")
	}
	runOK(t, "out of memory", newSparse(t, 1<<30))
}

var _ = role("out of memory", func(args []string) error {
	path := args[0]
	d, err := mmapguard.MapFile(path, enforced, leaseOnly)
	if err != nil {
		return err
	}
	used, err := addressSpace()
	if err != nil {
		return err
	}
	limit := unix.Rlimit{Cur: used + 512<<20, Max: unix.RLIM_INFINITY}
	if err := unix.Setrlimit(unix.RLIMIT_AS, &limit); err != nil {
		return err
	}
	if err := os.Truncate(path, 0); err != nil {
		return err
	}
	if _, err := d.ReadAt(make([]byte, 8), 0); !errors.Is(err, mmapguard.ErrRevoked) {
		return fmt.Errorf("ReadAt answers %w, want ErrRevoked", err)
	}
	return d.Close()
})

// What cannot be rescued is not promised: beyond WithMaxCopy it takes a file
// system that clones.
func TestEnforced_TooLargeToRescue(t *testing.T) {
	needsLeases(t)
	path := newFile(t, 1<<20)
	d, err := mmapguard.MapFile(path, enforced, leaseOnly, mmapguard.WithMaxCopy(4096))
	switch onFileSystem(t) {
	case unix.XFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC:
		if err != nil {
			t.Fatal(err)
		}
		raw := d.Bytes()
		truncate(t, path, 0)
		if err := sameEverywhere(d, raw, contents(1<<20, 1)); err != nil {
			t.Error(err)
		}
		closeOK(t, d)
	default:
		wantErr(t, err, mmapguard.ErrTooLarge, path)
	}
}

// A rescue by clone takes no memory: the bytes are those of an unnamed file.
func TestEnforced_RescueByClone(t *testing.T) {
	fs := onFileSystem(t)
	if fs != unix.XFS_SUPER_MAGIC && fs != unix.BTRFS_SUPER_MAGIC {
		t.Skipf("a file system of type %#x makes no clones", fs)
	}
	d, path, want := leased(t, 4<<20)
	raw := d.Bytes()
	truncate(t, path, 0)
	if err := sameEverywhere(d, raw, want); err != nil {
		t.Error(err)
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(maps), "(deleted)") {
		t.Error("no unnamed file is mapped: the rescue copied")
	}
}

// The watch ends with the last lease, however that ends, and leaves no
// goroutine behind.
func TestEnforced_WatchEnds(t *testing.T) {
	needsLeases(t)
	// The first use of package os/signal starts a goroutine of the standard
	// library that never ends.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, unix.SIGUSR2)
	signal.Stop(signals)
	before := runtime.NumGoroutine()
	for range 50 {
		d, path, _ := leased(t, 4096)
		e := mapFile(t, newFile(t, 4096), enforced, leaseOnly)
		if n, watched := mmapguard.Leases(); n != 2 || !watched {
			t.Fatalf("%d leases, watched: %v", n, watched)
		}
		truncate(t, path, 0) // ends by rescue, a moment after the writer is let in
		closeOK(t, e)        // ends by Close
		closeOK(t, d)
		if n, watched := mmapguard.Leases(); n != 0 || watched {
			t.Fatalf("%d leases are left, watched: %v", n, watched)
		}
	}
	if !collectUntil(func() bool { return runtime.NumGoroutine() <= before }) {
		t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
	}
}

// A program that uses SIGIO itself gets its signals before, beside and after a
// lease; one that takes the signal away from the library loses nothing but a
// little time.
func TestEnforced_SIGIOIsTheProgramsToo(t *testing.T) {
	d, path, want := leased(t, 1<<20)
	own := make(chan os.Signal, 16)
	signal.Notify(own, unix.SIGIO)
	defer signal.Stop(own)
	raise := func() {
		t.Helper()
		if err := unix.Kill(os.Getpid(), unix.SIGIO); err != nil {
			t.Fatal(err)
		}
		<-own
	}
	raise()
	raw := d.Bytes()
	truncate(t, path, 0)
	if err := sameEverywhere(d, raw, want); err != nil {
		t.Error(err)
	}
	closeOK(t, d)
	raise()
}

func TestEnforced_WithoutTheSignal(t *testing.T) {
	d, path, want := leased(t, 1<<20)
	raw := d.Bytes()
	signal.Ignore(unix.SIGIO)
	defer signal.Reset(unix.SIGIO)
	truncate(t, path, 0)
	if err := sameEverywhere(d, raw, want); err != nil {
		t.Error(err)
	}
}

// Who may not have a lease gets the next mechanism, or the reason.
func TestEnforced_NotTheOwner(t *testing.T) {
	needsLeases(t)
	if os.Getuid() != 0 {
		t.Skip("only root can give a file away and drop CAP_LEASE")
	}
	path := newFile(t, 4096)
	if err := os.Chown(path, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	answer := make(chan [2]error)
	var mechanism mmapguard.Mechanism
	go func() {
		// The thread loses the capability for good, so it ends with the goroutine.
		runtime.LockOSThread()
		if err := dropCapability(unix.CAP_LEASE); err != nil {
			answer <- [2]error{err, err}
			return
		}
		_, refused := mmapguard.MapFile(path, enforced, leaseOnly)
		d, err := mmapguard.MapFile(path, enforced)
		if err == nil {
			mechanism = d.Mechanism()
			err = d.Close()
		}
		answer <- [2]error{refused, err}
	}()
	got := <-answer
	wantErr(t, got[0], mmapguard.ErrUnsupported, path)
	if !strings.Contains(got[0].Error(), "CAP_LEASE") {
		t.Errorf("error %q does not say what is missing", got[0])
	}
	if got[1] != nil || mechanism == mmapguard.MechanismLease {
		t.Errorf("without a lease: %v by %v", got[1], mechanism)
	}
}

func dropCapability(c int) error {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&header, &data[0]); err != nil {
		return err
	}
	data[c/32].Effective &^= 1 << (c % 32)
	return unix.Capset(&header, &data[0])
}

// A process that was stopped for longer than the kernel waits finds its lease
// gone, and revokes the handle as soon as it runs again.
func TestEnforced_StoppedTooLong(t *testing.T) {
	needsLeases(t)
	const sysctl = "/proc/sys/fs/lease-break-time"
	if os.Getenv("MMAPGUARD_TEST_SYSCTL") == "" {
		t.Skip("changes fs.lease-break-time of the whole system: set MMAPGUARD_TEST_SYSCTL=1")
	}
	old, err := os.ReadFile(sysctl)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(sysctl, []byte("1"), 0); err != nil {
		t.Skipf("cannot change %s: %v", sysctl, err)
	}
	t.Cleanup(func() { _ = os.WriteFile(sysctl, old, 0) })
	path := newFile(t, 1<<20)
	cmd := childCommand(t.Context(), "stopped too long", path)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Process.Signal(syscall.SIGSTOP)
	truncate(t, path, 0) // the kernel lets it through after a second
	_ = cmd.Process.Signal(syscall.SIGCONT)
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

var _ = role("stopped too long", func(args []string) error {
	d, err := mmapguard.MapFile(args[0], enforced, leaseOnly)
	if err != nil {
		return err
	}
	fmt.Print(".")
	for {
		_, err := d.ReadAt(make([]byte, 8), 0)
		switch {
		case errors.Is(err, mmapguard.ErrRevoked):
			return d.Close()
		case err != nil && !errors.Is(err, mmapguard.ErrFault):
			return err
		}
		time.Sleep(time.Millisecond)
	}
})
