//go:build amd64

package profile_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	seccomp "github.com/elastic/go-seccomp-bpf"
	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard"
)

// ociFile is the profile that is published, for containers.
const ociFile = "../../../../conformance/profile/seccomp.json"

// taskVar makes the test binary the process that is confined.
const taskVar = "MMAPGUARD_PROFILE_TASK"

func TestMain(m *testing.M) {
	if task := os.Getenv(taskVar); task != "" {
		confined(task, os.Args[1:])
	}
	os.Exit(m.Run())
}

// The exit codes of the process that is confined. It cannot say more: it may
// write, but what it says is not the question.
const (
	exitWell     = 0
	exitLibrary  = 3 // an operation of the library failed
	exitNoFilter = 4
	exitNotHere  = 5 // the mechanism is not to be had here
)

func confined(task string, args []string) {
	if err := loadProfile(args[0]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitNoFilter)
	}
	os.Exit(tasks[task](args[1:]))
}

// tasks are what is done under the profile.
var tasks = map[string]func(args []string) int{
	"handle": handle, "rescue": rescue,
	"socket": func([]string) int { _, _ = unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); return exitWell },
	"exec":   func([]string) int { _ = syscall.Exec("/bin/true", []string{"true"}, nil); return exitWell },
	"fork": func([]string) int {
		_, _ = os.StartProcess("/bin/true", []string{"true"}, &os.ProcAttr{})
		return exitWell
	},
	"create": func(args []string) int { _ = os.WriteFile(args[0]+".new", nil, 0o600); return exitWell },
	"mkdir":  func(args []string) int { _ = os.Mkdir(args[0]+".dir", 0o700); return exitWell },
	"execmap": func([]string) int {
		_, _ = unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_EXEC, unix.MAP_PRIVATE|unix.MAP_ANON)
		return exitWell
	},
	"mapwrite": func(args []string) int {
		f, err := os.Open(args[0])
		if err == nil {
			_, _ = unix.Mmap(int(f.Fd()), 0, 1, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		}
		return exitWell
	},
	"lockexcl": func(args []string) int {
		f, err := os.Open(args[0])
		if err == nil {
			_ = unix.Flock(int(f.Fd()), unix.LOCK_EX)
		}
		return exitWell
	},
}

func options(mechanism string) []mmapguard.Option {
	for _, r := range mmapguard.Ladder() {
		if r.Mechanism == mmapguard.Mechanism(mechanism) {
			return []mmapguard.Option{mmapguard.WithGuarantee(r.Guarantee), mmapguard.WithMechanisms(r.Mechanism)}
		}
	}
	return nil
}

// handle does what one does with a file.
func handle(args []string) int {
	for _, hint := range []mmapguard.Option{mmapguard.WithRandom(), mmapguard.WithSequential(), mmapguard.WithPopulate()} {
		d, err := mmapguard.MapFile(args[0], append(options(args[1]), hint)...)
		if errors.Is(err, mmapguard.ErrUnsupported) {
			return exitNotHere
		}
		if err != nil {
			return exitLibrary
		}
		text := make([]byte, d.Len())
		_, readErr := d.ReadAt(text, 0)
		var copied bytes.Buffer
		_, writeErr := d.WriteTo(&copied)
		if d.Close() != nil || readErr != nil || writeErr != nil || !bytes.Equal(text, copied.Bytes()) {
			return exitLibrary
		}
	}
	if _, err := mmapguard.MapFile(args[0] + ".missing"); !errors.Is(err, os.ErrNotExist) {
		return exitLibrary
	}
	return exitWell
}

// rescue keeps a lease until a writer has emptied the file, and reads on.
func rescue(args []string) int {
	d, err := mmapguard.MapFile(args[0], options("lease")...)
	if errors.Is(err, mmapguard.ErrUnsupported) {
		return exitNotHere
	}
	if err != nil {
		return exitLibrary
	}
	defer func() { _ = d.Close() }() // once more, if all went well
	if _, err := os.Stdout.WriteString("leased\n"); err != nil {
		return exitLibrary
	}
	if _, err := os.Stdin.Read(make([]byte, 1)); err != nil { // the writer has been
		return exitLibrary
	}
	text := make([]byte, d.Len())
	if _, err := d.ReadAt(text, 0); err != nil || !bytes.Equal(text, content()) || d.Close() != nil {
		return exitLibrary
	}
	return exitWell
}

func content() []byte { return bytes.Repeat([]byte("mapped "), 3000) }

// loadProfile puts a profile on all threads of this process.
func loadProfile(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var p struct {
		Syscalls []struct {
			Names []string
			Args  []struct {
				Index uint32
				Value uint64
			}
		}
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	policy := seccomp.Policy{DefaultAction: seccomp.ActionKillProcess}
	group := seccomp.SyscallGroup{Action: seccomp.ActionAllow}
	for _, call := range p.Syscalls {
		// A container executes its program under the profile; this process is it.
		names := slices.DeleteFunc(call.Names, func(n string) bool { return n == "execve" })
		if len(call.Args) == 0 {
			group.Names = append(group.Names, names...)
			continue
		}
		var conditions seccomp.ArgumentConditions
		for _, a := range call.Args {
			conditions = append(conditions, seccomp.Condition{Argument: a.Index, Operation: seccomp.Equal, Value: a.Value})
		}
		group.NamesWithCondtions = append(group.NamesWithCondtions, seccomp.NameWithConditions{Name: names[0], Conditions: conditions})
	}
	policy.Syscalls = []seccomp.SyscallGroup{group}
	return seccomp.LoadFilter(seccomp.Filter{NoNewPrivs: true, Flag: seccomp.FilterFlagTSync, Policy: policy})
}

// start starts a task under the profile.
func start(t *testing.T, task string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	oci, err := filepath.Abs(ociFile)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, append([]string{oci}, args...)...)
	cmd.Env = append(os.Environ(), taskVar+"="+task)
	cmd.Stderr = os.Stderr
	return cmd
}

// check judges how a task has ended.
func check(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	_ = cmd.Wait() // the state is looked at
	status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	switch {
	case !ok || status.Signaled():
		t.Errorf("the process was killed by the profile: %v", cmd.ProcessState)
	case status.ExitStatus() == exitNotHere:
		t.Skip("the file system of the temporary directory does not offer it")
	case status.ExitStatus() != exitWell:
		t.Errorf("it ended with status %d", status.ExitStatus())
	}
}

// notCgo skips in a build with C, whose library starts threads in its own way.
func notCgo(t *testing.T) {
	t.Helper()
	if cgo {
		t.Skip("this test binary was linked with C; the profile is that of pure Go: CGO_ENABLED=0")
	}
}

// file is one that nobody has locked.
func file(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, content(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// Under the profile, with kill as what happens to any other call, every
// mechanism works.
func TestKernelLetsTheLibraryWork(t *testing.T) {
	notCgo(t)
	for _, mechanism := range []string{"flock", "lease", "reflink", "leased-copy", "checked-copy", "sealed-memfd"} {
		t.Run(mechanism, func(t *testing.T) {
			cmd := start(t, "handle", file(t), mechanism)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			check(t, cmd)
		})
	}
}

// A lease is given up, and the bytes rescued, under the profile as well.
func TestKernelLetsALeaseBeRescued(t *testing.T) {
	notCgo(t)
	name := file(t)
	cmd := start(t, "rescue", name)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := stdout.Read(make([]byte, 8)); err == nil {
		if err := os.Truncate(name, 0); err != nil {
			t.Error(err)
		}
		if _, err := stdin.Write([]byte{1}); err != nil {
			t.Error(err)
		}
	}
	time.AfterFunc(30*time.Second, func() { _ = cmd.Process.Kill() })
	check(t, cmd)
}

// What the library has no need for ends the process.
func TestKernelKillsWhatIsNotInTheProfile(t *testing.T) {
	notCgo(t)
	for _, task := range []string{"socket", "exec", "fork", "create", "mkdir", "execmap", "mapwrite", "lockexcl"} {
		t.Run(task, func(t *testing.T) {
			name := file(t)
			cmd := start(t, task, name)
			if err := cmd.Run(); err == nil {
				t.Fatal("it went on")
			}
			status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
			if !ok || !status.Signaled() || status.Signal() != syscall.SIGSYS {
				t.Errorf("it ended with %v", cmd.ProcessState)
			}
			left, err := os.ReadDir(filepath.Dir(name))
			if err != nil || len(left) != 1 {
				t.Errorf("%v: %d files are there", err, len(left))
			}
		})
	}
}
