//go:build linux

package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/mmapguard/go/conformance/lab"
)

// needMachine skips unless this machine can boot that processor's kernel. A boot
// takes seconds, so -short leaves all of them out.
func needMachine(t *testing.T, name string) {
	t.Helper()
	if testing.Short() {
		t.Skip("boots a virtual machine")
	}
	needCommand(t, "vm", name)
}

func needCommand(t *testing.T, command, name string) {
	t.Helper()
	for _, e := range lab.List() {
		if e.Command == command && e.Name == name && !e.Available {
			t.Skipf("%s: %s", name, e.Reason)
		}
	}
}

// probes holds the compiled probes of all processors.
var probes struct {
	sync.Mutex
	dir string
}

// probe compiles the probe for a processor, once.
func probe(t *testing.T, goarch string) string {
	t.Helper()
	probes.Lock()
	defer probes.Unlock()
	binary := filepath.Join(probes.dir, goarch+".test")
	if _, err := os.Stat(binary); err == nil {
		return binary
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", binary, "../../testdata/probe")
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+goarch, "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return binary
}

// wants fails unless the run ended with that code and printed those words.
func (r result) wants(t *testing.T, code int, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(r.stdout, word) {
			t.Errorf("stdout lacks %q", word)
		}
	}
	if r.code != code || t.Failed() {
		t.Errorf("exit %d; want %d\nstdout: %s\nstderr: %s", r.code, code, r.stdout, r.stderr)
	}
}

func TestVMIsWhatItSays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ goarch, page string }{
		"x86-64":  {"amd64", "4096"},
		"arm64":   {"arm64", "4096"},
		"ppc64le": {"ppc64le", "65536"},
		"s390x":   {"s390x", "4096"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			needMachine(t, name)
			got, scratch := labRun(t, "vm", name, "--", probe(t, c.goarch), "-test.v", "-test.run", "Where|Fault|Loopback")
			got.wants(t, 0, "goarch="+c.goarch+" page="+c.page+" ", "PASS: TestFault", "PASS: TestLoopback")
			if left := leftBehind(t, scratch); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

func TestVMDisks(t *testing.T) {
	t.Parallel()
	for disk, tests := range map[string][]string{
		"ext4-verity": {"TestVerity", "TestDamageShowsWithoutVerity"},
		"btrfs":       {"TestVerity", "TestDamageShowsWithoutVerity"},
		"f2fs":        {"TestVerity", "TestDamageShowsWithoutVerity"},
		"ext4-error":  {"TestIOError"},
		"xfs":         {"TestFault"},
	} {
		t.Run(disk, func(t *testing.T) {
			t.Parallel()
			needMachine(t, "x86-64")
			got, scratch := labRun(t, "vm", "--disk", disk, "x86-64", "--", probe(t, "amd64"),
				"-test.v", "-test.run", "^TestWhere$|^"+strings.Join(tests, "$|^")+"$")
			got.wants(t, 0, "fs="+disk+" ", "PASS: "+tests[len(tests)-1])
			if left := leftBehind(t, scratch); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

func TestVMTellsHowTheProgramEnded(t *testing.T) {
	needMachine(t, "x86-64")
	binary := probe(t, "amd64")
	run := func(how string, flags ...string) result {
		got, _ := labRun(t, append(append([]string{"vm", "--env", "MMAPGUARD_PROBE_END=" + how}, flags...),
			"x86-64", "--", binary, "-test.run", "TestEnd")...)
		return got
	}
	t.Run("exit code and streams", func(t *testing.T) {
		got := run("exit")
		got.wants(t, 42)
		if got.stdout != "to stdout\n" || got.stderr != "to stderr\n" {
			t.Errorf("stdout %q, stderr %q", got.stdout, got.stderr)
		}
	})
	t.Run("testdata and environment", func(t *testing.T) {
		t.Chdir("testdata/cwd")
		got := run("testdata", "--env", "TMPDIR=/elsewhere")
		got.wants(t, 0, "world\n <nil>\n", "here.go <nil>\n", "/elsewhere\n")
	})
	t.Run("kernel panic", func(t *testing.T) {
		got := run("panic")
		got.wants(t, lab.ExitLab, "still here\n")
		if !strings.Contains(got.stderr, "ended before the program") || !strings.Contains(got.stderr, "sysrq") {
			t.Errorf("stderr: %s", got.stderr)
		}
	})
	t.Run("no boot", func(t *testing.T) {
		// This is less than the kernel itself needs.
		got := run("exit", "--memory", "24M", "--timeout", "20s")
		got.wants(t, lab.ExitLab)
		if !strings.Contains(got.stderr, "did not boot") {
			t.Errorf("stderr: %s", got.stderr)
		}
	})
}

func TestVMInterrupted(t *testing.T) {
	needMachine(t, "x86-64")
	cmd, scratch := labCommand(t, "vm", "--env", "MMAPGUARD_PROBE_END=hang", "x86-64", "--",
		probe(t, "amd64"), "-test.run", "TestEnd")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(stdout).ReadString('\n'); err != nil || line != "still here\n" {
		t.Errorf("the program said %q, %v", line, err)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // the exit code is judged instead
	if code := cmd.ProcessState.ExitCode(); code != lab.ExitInterrupted {
		t.Errorf("exit %d; want %d", code, lab.ExitInterrupted)
	}
	if left := leftBehind(t, scratch); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestExecForGoTest(t *testing.T) {
	needMachine(t, "arm64")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-v", "-run", "Where", "-exec", self+" exec arm64", "../../testdata/probe")
	cmd.Env = append(os.Environ(), asCommandEnv+"=1", "GOARCH=arm64", "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "goarch=arm64 ") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestPassedOn(t *testing.T) {
	got := passedOn([]string{"PATH=/bin", "GOGC=off", "MMAPGUARD_X=1", "MMAPGUARD_LAB_CACHE=/c", lab.DirEnv + "=/d"})
	if want := []string{"GOGC=off", "MMAPGUARD_X=1"}; !slices.Equal(got, want) {
		t.Errorf("%q; want %q", got, want)
	}
}

func TestUserEmulation(t *testing.T) {
	for _, e := range lab.List() {
		if e.Command != "user" {
			continue
		}
		t.Run(e.Name, func(t *testing.T) {
			needCommand(t, "user", e.Name)
			t.Setenv(lab.DirEnv, t.TempDir())
			got, _ := labRun(t, "user", e.Name, "--", probe(t, e.Name), "-test.v", "-test.run", "Where")
			got.wants(t, 0, "goarch="+e.Name+" ")
			got, _ = labRun(t, "user", e.Name, "--", probe(t, e.Name), "-test.v", "-test.run", "Fault")
			if right := got.code == 0; right == e.WrongFaults {
				t.Errorf("exit %d, but wrongFaults is %v\n%s", got.code, e.WrongFaults, got.stdout)
			}
		})
	}
}
