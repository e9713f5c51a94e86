//go:build linux

package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mmapguard/go/conformance/lab"
)

// need skips unless this machine offers the file system.
func need(t *testing.T, name string) lab.Environment {
	t.Helper()
	for _, e := range lab.List() {
		if e.Command == "fs" && e.Name == name {
			if !e.Available {
				t.Skipf("%s: %s", name, e.Reason)
			}
			return e
		}
	}
	t.Fatalf("no environment %q", name)
	return lab.Environment{}
}

// fstypes are the names under which the kernel lists each environment.
var fstypes = map[string]string{
	"tmpfs": "tmpfs", "ext4": "ext4", "xfs": "xfs", "btrfs": "btrfs", "f2fs": "f2fs",
	"overlayfs": "overlay", "overlayfs-ext4": "overlay", "fuse": "fuse.faultfs", "squashfs": "squashfs", "erofs": "erofs",
}

// showFS prints the type of the file system that the directory lies on, the
// read-only mark and the content, then fails in a way of its own.
const showFS = `
while read -r _ dir type _; do
	[ "$dir" = "$MMAPGUARD_TEST_DIR" ] && found=$type
done < /proc/mounts
echo "$MMAPGUARD_TEST_FS $found ro=$MMAPGUARD_TEST_READONLY $(cat "$MMAPGUARD_TEST_DIR/sub/hello")"
exit 7`

func TestFSIsWhatItSaysAndLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, fstype := range fstypes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := need(t, name)
			got, scratch := labRun(t, "fs", "--content", content(t), name, "--", "sh", "-c", showFS)
			ro := map[bool]string{true: "1"}[e.ReadOnly]
			want := fmt.Sprintf("%s %s ro=%s world\n", name, fstype, ro)
			if got.stdout != want || got.code != 7 {
				t.Errorf("exit %d, stdout %q, stderr %q; want exit 7, %q", got.code, got.stdout, got.stderr, want)
			}
			if left := leftBehind(t, scratch); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

// content is a directory with one file in a folder.
func content(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "sub", "hello"), []byte("world"), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestFSWritableUnlessReadOnly(t *testing.T) {
	t.Parallel()
	for name := range fstypes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := need(t, name)
			got, _ := labRun(t, "fs", "--content", content(t), name, "--",
				"sh", "-c", `echo x > "$MMAPGUARD_TEST_DIR/new"`)
			if wrote := got.code == 0; wrote == e.ReadOnly {
				t.Errorf("exit %d, stderr %q; read-only is %v", got.code, got.stderr, e.ReadOnly)
			}
		})
	}
}

func TestFSSizeIsSparse(t *testing.T) {
	need(t, "xfs")
	got, scratch := labRun(t, "fs", "--size", "12G", "xfs", "--", "sh", "-c",
		`cd "$MMAPGUARD_TEST_DIR" && fallocate -l 10G a && cp --reflink=always a b && stat -c %s b`)
	if got.code != 0 || got.stdout != "10737418240\n" {
		t.Errorf("exit %d, stdout %q, stderr %q", got.code, got.stdout, got.stderr)
	}
	if left := leftBehind(t, scratch); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestFSOrphansEndWithTheCommand(t *testing.T) {
	need(t, "ext4")
	// The sleeper holds stdout and the mount: the run could not end beside it.
	got, scratch := labRun(t, "fs", "ext4", "--", "sh", "-c",
		`cd "$MMAPGUARD_TEST_DIR" && (setsid sleep 100000 &) ; exit 3`)
	if got.code != 3 {
		t.Errorf("exit %d, stderr %q; want 3", got.code, got.stderr)
	}
	if left := leftBehind(t, scratch); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestFSFailsClosed(t *testing.T) {
	cases := map[string]struct {
		args []string
		code int
		says string
	}{
		"unknown file system":  {[]string{"fs", "nonesuch", "--", "true"}, lab.ExitLab, "unknown file system"},
		"no command":           {[]string{"fs", "tmpfs"}, lab.ExitLab, "no command"},
		"command not found":    {[]string{"fs", "tmpfs", "--", "/nonesuch"}, lab.ExitNotFound, "/nonesuch"},
		"nonsense for a size":  {[]string{"fs", "--size", "big", "tmpfs", "--", "true"}, lab.ExitLab, "size"},
		"read-only of nothing": {[]string{"fs", "squashfs", "--", "true"}, lab.ExitLab, "--content"},
		"too small an image":   {[]string{"fs", "--size", "1M", "xfs", "--", "true"}, lab.ExitLab, "below"},
		"content is not there": {[]string{"fs", "--content", "/nonesuch", "tmpfs", "--", "true"}, lab.ExitLab, "content"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if os.Geteuid() != 0 {
				t.Skip("needs root: loop devices")
			}
			got, scratch := labRun(t, c.args...)
			if got.code != c.code || !strings.Contains(got.stderr, c.says) {
				t.Errorf("exit %d, stderr %q; want exit %d and %q", got.code, got.stderr, c.code, c.says)
			}
			if left := leftBehind(t, scratch); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

func TestFSCommandKilled(t *testing.T) {
	need(t, "ext4")
	got, scratch := labRun(t, "fs", "ext4", "--", "sh", "-c", "kill -KILL $$")
	if got.code != 128+int(syscall.SIGKILL) {
		t.Errorf("exit %d, stderr %q; want 137", got.code, got.stderr)
	}
	if left := leftBehind(t, scratch); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestFSInterrupted(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			need(t, "ext4")
			state, scratch := signalWhenUp(t, sig)
			if got := state.ExitStatus(); got != 128+int(sig) {
				t.Errorf("exit %d; want %d", got, 128+int(sig))
			}
			if left := leftBehind(t, scratch); len(left) > 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

func TestFSLabKilledLeavesNoDeviceOrMount(t *testing.T) {
	need(t, "ext4")
	_, scratch := signalWhenUp(t, syscall.SIGKILL)
	// The kernel takes the namespaces down after the process is gone, at its
	// own pace; only the empty scratch directory may stay for good.
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		left := loopDevices(t, scratch)
		if len(left) == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("left behind: %q", left)
		}
	}
	images, err := filepath.Glob(filepath.Join(scratch, "*", "*.img"))
	if err != nil || len(images) > 0 {
		t.Errorf("images %q, %v", images, err)
	}
}

// signalWhenUp sends sig to the lab while its command runs on an ext4.
func signalWhenUp(t *testing.T, sig syscall.Signal) (syscall.WaitStatus, string) {
	t.Helper()
	cmd, scratch := labCommand(t, "fs", "ext4", "--", "sh", "-c", "echo up; exec sleep 100000")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil || line != "up\n" {
		t.Errorf("the command said %q, %v", line, err)
	}
	if len(loopDevices(t, scratch)) != 1 {
		t.Errorf("the command runs, but there is no loop device")
	}
	if err := cmd.Process.Signal(sig); err != nil {
		t.Error(err)
	}
	// How it ended is the result; the error only repeats it.
	_ = cmd.Wait()
	ws, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok {
		t.Fatalf("lab ended as %v", cmd.ProcessState)
	}
	return ws, scratch
}

func TestLeaseIsRefusedOnFuse(t *testing.T) {
	need(t, "fuse")
	binary := probe(t, runtime.GOARCH)
	for fault, want := range map[string]string{"": "lease: <nil>", "nolease": "lease: permission denied"} {
		got, _ := labRun(t, "fuse", "--fault", fault, "--", binary, "-test.v", "-test.run", "TestLease")
		got.wants(t, 0, want)
	}
}

func TestFaultsOfTheRunningEnvironment(t *testing.T) {
	for name := range fstypes {
		t.Run(name, func(t *testing.T) {
			if e := need(t, name); e.ReadOnly {
				t.Skip("the probe writes a file")
			}
			got, _ := labRun(t, "fs", name, "--", probe(t, runtime.GOARCH), "-test.v", "-test.run", "Where|Fault")
			got.wants(t, 0, "fs="+name+" ", "PASS: TestFault")
		})
	}
}

func TestFuseServerDiesAndTheRunStillEnds(t *testing.T) {
	need(t, "fuse")
	got, scratch := labRun(t, "fuse", "--fault", "die", "--content", content(t), "--",
		"sh", "-c", `cat "$MMAPGUARD_TEST_DIR/sub/hello" && exit 1; ls "$MMAPGUARD_TEST_DIR" && exit 2; exit 9`)
	got.wants(t, 9)
	if left := leftBehind(t, scratch); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}
