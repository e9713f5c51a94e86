//go:build linux

package lab

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/lab/faultfs"
)

// Fuse is a FUSE file system, served by a process of its own, to run one
// command on.
type Fuse struct {
	Fault   string // a [faultfs.Spec]; "" passes everything through
	Size    int64  // bytes of memory behind it at most; 0 means [DefaultSize]
	Content string // a directory to copy in
}

// Run is [FS.Run] on this file system. The command finds the directory behind
// it in [BackingEnv] and the faults in [FaultEnv].
func (f Fuse) Run(command ...string) (int, error) {
	if _, err := faultfs.Parse(f.Fault); err != nil {
		return ExitLab, err
	}
	fs := FS{Name: "fuse", Size: f.Size, Content: f.Content}
	return fs.run(f.Fault, command)
}

// buildFuse passes a tmpfs through, so that nothing of it can stay behind.
func buildFuse(m *mounter, _ kind, dir string) ([]string, error) {
	spec, err := faultfs.Parse(m.spec.Fault)
	if err != nil {
		return nil, err
	}
	backing, err := m.dir("backing")
	if err != nil {
		return nil, err
	}
	if err := m.mount("mmapguard-lab", backing, "tmpfs", 0, tmpfsOptions(m.spec.Size)); err != nil {
		return nil, err
	}
	if err := m.fill(backing); err != nil {
		return nil, err
	}
	if spec.Has("nolease") {
		if err := dropLease(); err != nil {
			return nil, err
		}
	}
	if _, err := faultfs.Start(dir, backing, spec); err != nil {
		return nil, err
	}
	m.mounts = append(m.mounts, dir)
	return []string{BackingEnv + "=" + backing, FaultEnv + "=" + m.spec.Fault}, nil
}

// dropLease takes CAP_LEASE from all processes this thread will start: with it
// root gets a lease on anybody's file, and no file system can refuse.
func dropLease() error {
	// The thread that forks the command must be the one that gave it up.
	runtime.LockOSThread()
	if err := unix.Prctl(unix.PR_CAPBSET_DROP, unix.CAP_LEASE, 0, 0, 0); err != nil {
		return fmt.Errorf("drop CAP_LEASE: %w", err)
	}
	return nil
}

// missingFuse says what keeps FUSE from being used beyond the kernel's support.
func missingFuse() string {
	f, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0)
	if err != nil {
		return err.Error()
	}
	_ = f.Close() // nothing was written
	return ""
}
