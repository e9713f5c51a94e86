//go:build linux

package lab

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"os/exec"
	"path"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/lab/internal/hosttool"
)

// missing says what keeps this machine from offering the kind; "" if nothing.
func (k kind) missing() string {
	if !kernelHas(k.fstype) {
		return "this kernel has no " + k.fstype
	}
	if reason := missingNamespaces(); reason != "" {
		return reason
	}
	if k.root && os.Geteuid() != 0 {
		return "needs root: loop devices"
	}
	if k.tool != "" {
		return hosttool.Missing(k.tool, k.pkg)
	}
	if k.missingToo != nil {
		return k.missingToo()
	}
	return ""
}

// missingNamespaces tries out what every file system needs.
var missingNamespaces = sync.OnceValue(func() string {
	cmd := exec.CommandContext(context.Background(), "true")
	cmd.SysProcAttr = namespaces()
	// The trial must not die with the thread that happens to run it.
	cmd.SysProcAttr.Pdeathsig = 0
	if err := cmd.Run(); err != nil {
		return "no private namespaces: " + err.Error()
	}
	return ""
})

// kernelHas reports whether the running kernel knows the file system, or has a
// module for it, which mount(2) loads by itself.
func kernelHas(fstype string) bool {
	known, err := os.ReadFile("/proc/filesystems")
	if err == nil && listed(known, fstype) {
		return true
	}
	var uts unix.Utsname
	if err := unix.Uname(&uts); err != nil {
		return false
	}
	deps := path.Join("/lib/modules", unix.ByteSliceToString(uts.Release[:]), "modules.dep")
	modules, err := os.ReadFile(deps) // #nosec G304 -- the kernel names itself
	return err == nil && hasModule(modules, fstype)
}

// listed looks for a name in the last column of /proc/filesystems.
func listed(table []byte, fstype string) bool {
	lines := bufio.NewScanner(bytes.NewReader(table))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) > 0 && fields[len(fields)-1] == fstype {
			return true
		}
	}
	return false
}

// hasModule looks for a module file, which may be compressed, in modules.dep.
func hasModule(deps []byte, name string) bool {
	lines := bufio.NewScanner(bytes.NewReader(deps))
	for lines.Scan() {
		file, _, _ := strings.Cut(lines.Text(), ":")
		if base, _, ok := strings.Cut(path.Base(file), ".ko"); ok && base == name {
			return true
		}
	}
	return false
}
