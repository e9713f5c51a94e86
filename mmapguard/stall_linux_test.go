package mmapguard_test

import (
	"errors"
	"reflect"
	"runtime"
	"runtime/debug"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

// The interface of userfaultfd(2), from linux/userfaultfd.h. The numbers of the
// calls are those of most processors; others refuse them, and the test skips.
const (
	uffdUserModeOnly = 1
	uffdAPI          = 0xAA
	uffdioAPI        = 0xC018AA3F
	uffdioRegister   = 0xC020AA00
	uffdioZeropage   = 0xC020AA04
	registerMissing  = 1
	uffdMessageSize  = 32
)

// missing is memory whose first touch stops the toucher until resolve.
type missing struct {
	fd  int
	mem []byte
}

func newMissing(t *testing.T, n int) *missing {
	t.Helper()
	fd, _, e := unix.Syscall(unix.SYS_USERFAULTFD, unix.O_CLOEXEC|uffdUserModeOnly, 0, 0)
	if e != 0 {
		t.Skip("needs userfaultfd: ", e)
	}
	t.Cleanup(func() { _ = unix.Close(int(fd)) })
	mem, err := unix.Mmap(-1, 0, n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Munmap(mem) })
	m := &missing{int(fd), mem}
	err = errors.Join(m.call(uffdioAPI, uffdAPI, 0, 0), m.call(uffdioRegister, m.start(), uint64(n), registerMissing))
	if err != nil {
		t.Skip("needs userfaultfd: ", err)
	}
	return m
}

func (m *missing) start() uint64 { return uint64(reflect.ValueOf(m.mem).Pointer()) }

func (m *missing) call(request uintptr, a, b, c uint64) error {
	argument := reflect.ValueOf(&[4]uint64{a, b, c}) // on the heap, where nothing moves
	_, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(m.fd), request, argument.Pointer())
	runtime.KeepAlive(argument)
	if e != 0 {
		return e
	}
	return nil
}

// wait returns when somebody is stopped.
func (m *missing) wait() error {
	_, err := unix.Read(m.fd, make([]byte, uffdMessageSize))
	return err
}

func (m *missing) resolve() error {
	return m.call(uffdioZeropage, m.start(), uint64(len(m.mem)), 0)
}

// stalledRead reads the first n bytes of a handle, and lets something happen
// while the copy is stopped: after the look at the closed flag, and before the
// first byte is stored. The stopped goroutine cannot be preempted, so nothing that happens
// may start a collection.
func stalledRead(t *testing.T, d *mmapguard.FileData, n int, during func()) (p []byte, got int, err error) {
	t.Helper()
	m := newMissing(t, n)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(max(2, runtime.NumCPU())))
	runtime.GC()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	done := make(chan struct{})
	go func() {
		defer close(done)
		got, err = d.ReadAt(m.mem, 0)
	}()
	waited := m.wait()
	during()
	resolved := m.resolve()
	<-done
	if err := errors.Join(waited, resolved); err != nil {
		t.Fatal(err)
	}
	return append([]byte(nil), m.mem...), got, err
}

// A read that is stalled until the address belongs to another file copies that
// file's bytes without a fault.
func TestTrap16_ReadAfterEvictionIsClosedNotAnotherFilesBytes(t *testing.T) {
	t.Cleanup(mmapguard.SetQuarantine(1<<10, 1<<40))
	for range 5 {
		if readAfterEviction(t) {
			return
		}
	}
	t.Fatal("no copy shows the other file's bytes: this tests nothing")
}

// readAfterEviction reports whether the copy did read the other file; it may
// have loaded all its bytes before it was stopped.
func readAfterEviction(t *testing.T) bool {
	t.Helper()
	n := 64 * page
	path, other := newFile(t, n), newFileNo(t, n, 2)
	d := mapFile(t, path)
	stale := d.Bytes()
	reoccupied := false
	p, got, err := stalledRead(t, d, page, func() {
		closeOK(t, d)
		mmapguard.SetQuarantine(1<<10, 1<<40) // drains
		for i := 0; i < 64 && !reoccupied; i++ {
			reoccupied = &mapFile(t, other).Bytes()[0] == &stale[0]
		}
	})
	if !reoccupied {
		t.Skip("needs a kernel that uses a freed range again")
	}
	if got != 0 {
		t.Errorf("%d bytes read, of file number %d", got, p[page/2])
	}
	wantErr(t, err, mmapguard.ErrClosed, path)
	return p[page/2] == 2
}

func TestReadThatIsStalledOverAClose(t *testing.T) {
	path := newFile(t, page)
	d := mapFile(t, path)
	_, got, err := stalledRead(t, d, page, func() { closeOK(t, d) })
	if got != 0 {
		t.Errorf("%d bytes read", got)
	}
	wantErr(t, err, mmapguard.ErrClosed, path)
}

func TestReadThatIsStalledOverARevocation(t *testing.T) {
	path := newFile(t, page)
	d := mapFile(t, path)
	_, got, err := stalledRead(t, d, page, func() { mmapguard.MarkRevoked(d) })
	if got != 0 {
		t.Errorf("%d bytes read", got)
	}
	wantErr(t, err, mmapguard.ErrRevoked, path)
}
