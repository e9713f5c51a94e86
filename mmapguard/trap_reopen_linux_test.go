package mmapguard_test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/gofrs/flock"
	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

// refuseLocks makes every flock(2) of this process fail with errno from now on,
// and every open for writing its death: a seccomp filter on all threads.
func refuseLocks(errno syscall.Errno) error {
	flags := uint32(16 + 2*8) // seccomp_data.args[2], the low half
	if binary.NativeEndian.Uint16([]byte{0, 1}) == 1 {
		flags += 4
	}
	filter := []unix.SockFilter{
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: 0}, // the call's number
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_FLOCK, Jt: 4},
		{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: unix.SYS_OPENAT, Jf: 2},
		{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: flags},
		{Code: unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, K: unix.O_WRONLY | unix.O_RDWR, Jt: 2},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(errno)},
		{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_KILL_PROCESS},
	}
	// On the heap, where nothing moves: its address is taken without unsafe.
	program := reflect.ValueOf(&unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]})
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	_, _, e := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC,
		program.Pointer())
	runtime.KeepAlive(program)
	if e != 0 {
		return fmt.Errorf("seccomp: %w", e)
	}
	return nil
}

var errnos = map[string]syscall.Errno{"EIO": unix.EIO, "EBADF": unix.EBADF, "ENOLCK": unix.ENOLCK}

// uncovered keeps a child from opening files for its coverage, at its end.
func uncovered(cmd *exec.Cmd) { cmd.Env = append(cmd.Env, "GOCOVERDIR=") }

// refused opens a file whose lock fails, by the library or, to show that the
// trap is set, by gofrs/flock as its defaults have it.
var _ = role("lock fails", func(args []string) error {
	path, errno, by := args[0], errnos[args[1]], args[2]
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	before, err := descriptorCount()
	if err != nil {
		return err
	}
	if err := refuseLocks(errno); err != nil {
		return err
	}
	only := mmapguard.WithMechanisms(mmapguard.MechanismFlock)
	switch by {
	case "default":
		_, err = flock.New(path).TryRLock()
		return err
	case "open file":
		_, err = mmapguard.MapOpenFile(f, only)
	default:
		_, err = mmapguard.MapFile(path, only)
	}
	want := error(errno)
	if errno == unix.ENOLCK {
		want = mmapguard.ErrUnsupported
	}
	if !errors.Is(err, want) || !strings.Contains(err.Error(), path) {
		return fmt.Errorf("%w, want %w about %s", err, want, path)
	}
	return wantDescriptors(before)
})

// gofrs/flock reopens a file read-write when its lock fails with EIO or EBADF
// and the file's mode has all the permissions that were set. A writable
// descriptor, held or for a moment, breaks leases and must not be.
func TestTrap17_FailingLockIsNotReopenedForWriting(t *testing.T) {
	for errno := range errnos {
		for _, by := range []string{"name", "open file"} {
			t.Run(errno+" by "+by, func(t *testing.T) {
				path := newFile(t, page)
				if err := os.Chmod(path, 0o777); err != nil {
					t.Fatal(err)
				}
				if got := run(t, uncovered, "lock fails", path, errno, by); got.code != 0 {
					t.Fatalf("exit code %d\n%s", got.code, head(got.stderr))
				}
			})
		}
	}
}

// The filter does tell: the defaults of gofrs/flock run into it.
func TestTrap17_DefaultsWouldReopenForWriting(t *testing.T) {
	for _, errno := range []string{"EIO", "EBADF"} {
		got := run(t, uncovered, "lock fails", newFile(t, page), errno, "default")
		if got.code != -1 {
			t.Errorf("%s: exit code %d, want the death by seccomp\n%s", errno, got.code, got.stderr)
		}
	}
}

func TestTrap17_TheLocksDescriptorIsReadOnly(t *testing.T) {
	path := newFile(t, page)
	if err := os.Chmod(path, 0o777); err != nil {
		t.Fatal(err)
	}
	d := mapFile(t, path)
	if modes := descriptors(t, path); len(modes) != 1 || modes[0] != unix.O_RDONLY {
		t.Errorf("access modes of the descriptors: %v, want one that is O_RDONLY", modes)
	}
	closeOK(t, d)
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	mapFile(t, path)
	opened, err := mmapguard.MapOpenFile(f)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = opened.Close() }()
	writable := 0
	for _, mode := range descriptors(t, path) {
		if mode != unix.O_RDONLY {
			writable++
		}
	}
	if writable != 1 {
		t.Errorf("%d descriptors can write, want the caller's alone", writable)
	}
	if modes := descriptors(t, path); len(modes) != 3 {
		t.Errorf("%d descriptors of the file, want the caller's and two locks'", len(modes))
	}
}
