package confine_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard/confine"
)

// A step is what an exploit does once it runs in the process.
type step struct {
	name string
	do   role
	// What each layer does about it: "" for nothing.
	landlock, seccomp string
}

// since is the version of Landlock that knows a step, if not the first does
// (landlock(7), "Versions").
var since = map[string]int{"truncate by open": 3, "truncate by name": 3, "connect by TCP": 4}

const (
	denied = "denied"
	killed = "killed by bad system call"
)

// args of a step: a file outside the directory, the address of a server, the
// process id of the test, and a file somewhere else outside.
var steps = []step{
	{"open outside", func(_ string, a []string) error { return open(a[0]) }, denied, ""},
	{"open outside through a link", func(dir string, _ []string) error { return open(dir + "/link") }, denied, ""},
	{"open outside through ..", func(dir string, a []string) error {
		return open(dir + "/../" + filepath.Base(filepath.Dir(a[0])) + "/secret")
	}, denied, ""},
	{"open outside through proc", func(_ string, a []string) error { return open("/proc/self/root" + a[0]) }, denied, ""},
	{"open a system file", func(string, []string) error { return open("/proc/version") }, denied, ""},
	{"read the environment from proc", func(string, []string) error { return open("/proc/self/environ") }, denied, ""},
	{"list outside", func(_ string, a []string) error { _, err := os.ReadDir(filepath.Dir(a[0])); return err }, denied, ""},
	{"open outside in an older thread", func(_ string, a []string) error {
		return inOldThread(func() error { return open(a[0]) })
	}, denied, ""},
	{"make a socket in an older thread", func(string, []string) error { return inOldThread(socket) }, "", denied},

	{"make a file", func(dir string, _ []string) error { return os.WriteFile(dir+"/new", nil, 0o600) }, denied, denied},
	{"write a file", func(dir string, _ []string) error { return openFor(dir+"/file", os.O_WRONLY) }, denied, denied},
	{"append to a file", func(dir string, _ []string) error { return openFor(dir+"/file", os.O_WRONLY|os.O_APPEND) }, denied, denied},
	{"open a file for both", func(dir string, _ []string) error { return openFor(dir+"/file", os.O_RDWR) }, denied, denied},
	{"truncate by open", func(dir string, _ []string) error { return openFor(dir+"/file", os.O_RDONLY|os.O_TRUNC) }, denied, denied},
	{"truncate by name", func(dir string, _ []string) error { return os.Truncate(dir+"/file", 1) }, denied, denied},
	{"make an unnamed file", func(dir string, _ []string) error { return openFor(dir, os.O_RDWR|unix.O_TMPFILE) }, denied, denied},
	{"remove a file", func(dir string, _ []string) error { return os.Remove(dir + "/file") }, denied, denied},
	{"rename a file", func(dir string, _ []string) error { return os.Rename(dir+"/file", dir+"/renamed") }, denied, denied},
	{"make a directory", func(dir string, _ []string) error { return os.Mkdir(dir+"/dir", 0o700) }, denied, denied},
	{"make a link", func(dir string, a []string) error { return os.Symlink(a[0], dir+"/other") }, denied, denied},
	{"change the mode", func(dir string, _ []string) error { return os.Chmod(dir+"/file", 0o777) }, "", denied},
	{"change the owner", func(dir string, _ []string) error { return os.Chown(dir+"/file", os.Getuid(), os.Getgid()) }, "", denied},
	{"change the times", func(dir string, _ []string) error { return unix.Utimes(dir+"/file", make([]unix.Timeval, 2)) }, "", denied},

	{"connect by TCP", func(_ string, a []string) error { return dial("tcp", a[1]) }, denied, denied},
	{"connect by UDP", func(_ string, a []string) error { return dial("udp", a[1]) }, "", denied},
	{"listen", func(string, []string) error { return listen() }, "", denied}, // by MPTCP, which Landlock 7 does not know
	{"make a socket", func(string, []string) error { return socket() }, "", denied},

	{"execute", func(string, []string) error { return execute() }, denied, killed},
	{"start a process", func(string, []string) error { return start() }, denied, killed},
	{"fork", func(string, []string) error { return fork() }, "", killed},
	// Flags that are the number of an allowed call, which is read on amd64.
	{"fork without flags", func(string, []string) error { return forkWith(0) }, "", killed},
	{"trace", func(string, []string) error { return trace() }, "", killed},
	{"read another's memory", peek, "", killed},
	{"map executable memory", func(string, []string) error { return mapMemory(unix.PROT_READ | unix.PROT_EXEC) }, "", killed},
	{"make memory executable", func(string, []string) error { return makeExecutable() }, "", killed},
	{"signal another process", signal, "", denied},
	{"load a kernel interface", func(string, []string) error { return exotic() }, "", denied},
}

func init() {
	for _, s := range steps {
		roles[s.name] = s.do
	}
	roles["say done"] = func(string, []string) error { return nil }
	go oldThread()
}

// laboratory is a directory that is allowed, with a file and a link out of it,
// and the arguments of the steps.
func laboratory(t *testing.T) (dir string, args []string) {
	t.Helper()
	dir = t.TempDir()
	secret, elsewhere := filepath.Join(t.TempDir(), "secret"), filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{filepath.Join(dir, "file"), secret, elsewhere} {
		if err := os.WriteFile(name, []byte("contents"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(secret, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	server, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return dir, []string{secret, server.Addr().String(), strconv.Itoa(os.Getpid()), elsewhere}
}

// Every step succeeds in a process that is not confined, or the test would show
// nothing; is stopped in one that is; and is stopped by the very layers that are
// said to, alone.
func TestSteps(t *testing.T) {
	needLayers(t)
	for _, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			if confine.Kernel().Landlock.Version < since[s.name] {
				s.landlock = ""
			}
			both := s.seccomp // the filter comes first
			if both == "" {
				both = s.landlock
			}
			outcome(t, s.name, "none", "done")
			outcome(t, s.name, "all", both)
			outcome(t, s.name, "clones", both)
			outcome(t, s.name, "Landlock", s.landlock)
			outcome(t, s.name, "seccomp", s.seccomp)
		})
	}
}

// outcome plays a role under some layers.
func outcome(t *testing.T, name, layers, want string) {
	t.Helper()
	dir, args := laboratory(t)
	if want == "" {
		want = "done"
	}
	if got := run(t, name, layers, dir, args...); !strings.HasPrefix(got, want) {
		t.Errorf("under %s: %s, want %s", layers, got, want)
	}
}

func open(name string) error { return openFor(name, os.O_RDONLY) }

func openFor(name string, flags int) error {
	f, err := os.OpenFile(name, flags, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// old is a thread that is there before the confinement, and does what it is told.
var old = struct {
	work    chan func() error
	answers chan error
}{make(chan func() error), make(chan error)}

func oldThread() {
	runtime.LockOSThread()
	for do := range old.work {
		old.answers <- do()
	}
}

func inOldThread(do func() error) error {
	old.work <- do
	return <-old.answers
}

func dial(network, address string) error {
	conn, err := net.Dial(network, address)
	if err != nil {
		return err
	}
	return conn.Close()
}

func listen() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	return l.Close()
}

func socket() error {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return err
	}
	return unix.Close(fd)
}

// again is this binary as a process that says "done" itself. The environment is
// changed, not added to: of two values the first would count.
func again() (self string, err error) {
	self, err = os.Executable()
	return self, errors.Join(err, os.Setenv("CONFINE_ROLE", "say done"), os.Setenv("CONFINE_LAYERS", "none"))
}

func execute() error {
	self, err := again()
	if err != nil {
		return err
	}
	return syscall.Exec(self, []string{self}, os.Environ())
}

func start() error {
	self, err := again()
	if err != nil {
		return err
	}
	// Not package exec, which opens /dev/null for writing first.
	p, err := os.StartProcess(self, []string{self}, &os.ProcAttr{Files: []*os.File{os.Stdin, os.Stdout, os.Stderr}})
	if err != nil {
		return err
	}
	_, err = p.Wait()
	return err
}

// fork makes a child that ends at once.
func fork() error { return forkWith(uintptr(syscall.SIGCHLD)) }

func forkWith(flags uintptr) error {
	pid, _, errno := syscall.RawSyscall(syscall.SYS_CLONE, flags, 0, 0)
	if errno != 0 {
		return errno
	}
	if pid == 0 {
		_, _, _ = syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 0, 0, 0)
	}
	_, err := syscall.Wait4(int(pid), nil, unix.WALL, nil)
	return err
}

// trace asks for a process that cannot be there. A tracer that succeeded would
// leave a stopped process behind.
func trace() error {
	const nobody = 1 << 30 // above PID_MAX_LIMIT, proc_sys_kernel(5)
	if err := unix.PtraceAttach(nobody); !errors.Is(err, unix.ESRCH) {
		return err
	}
	return nil
}

// peek reads nothing from the process itself, which is always allowed.
func peek(string, []string) error {
	_, err := unix.ProcessVMReadv(os.Getpid(), nil, nil, 0)
	return err
}

func mapMemory(prot int) error {
	b, err := unix.Mmap(-1, 0, os.Getpagesize(), prot, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return err
	}
	return unix.Munmap(b)
}

func makeExecutable() error {
	b, err := unix.Mmap(-1, 0, os.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return err
	}
	return errors.Join(unix.Mprotect(b, unix.PROT_READ|unix.PROT_EXEC), unix.Munmap(b))
}

func signal(_ string, args []string) error {
	pid, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	return unix.Kill(pid, 0)
}

// exotic is a call that few programs need, and many exploits.
func exotic() error {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC)
	if err != nil {
		return err
	}
	return unix.Close(fd)
}
