//go:build linux

package lab

import (
	"fmt"
	"os"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/conformance/lab/internal/hosttool"
)

const userPackage = "qemu-user-static"

// A userArch is a processor whose programs can be emulated on this kernel.
type userArch struct {
	goarch string
	qemu   string // the emulator's name for it
	// wrongFaults: a fault's address reaches the program as 0 or garbage, as
	// seen with qemu 7.2.
	wrongFaults bool
}

// userArches is every processor for which Go and Debian's qemu agree.
var userArches = []userArch{
	{"arm", "arm", true}, {"arm64", "aarch64", true}, {"riscv64", "riscv64", false},
	{"ppc64le", "ppc64le", true}, {"s390x", "s390x", true}, {"mips64le", "mips64el", false},
	{"loong64", "loongarch64", false},
}

func (u userArch) tool() string { return "qemu-" + u.qemu + "-static" }

func (u userArch) missing() string { return hosttool.Missing(u.tool(), userPackage) }

// ExecUser replaces this process by a program for another processor, emulated
// on the running kernel: quick, but some emulators give faults a wrong address
// ([Environment.WrongFaults]). It returns only to report an error.
func ExecUser(goarch, binary string, args ...string) error {
	i := slices.IndexFunc(userArches, func(u userArch) bool { return u.goarch == goarch })
	if i < 0 {
		return fmt.Errorf("unknown processor %q; `lab list` prints those there are", goarch)
	}
	u := userArches[i]
	if reason := u.missing(); reason != "" {
		return fmt.Errorf("%s: %s", goarch, reason)
	}
	qemu, err := hosttool.Find(u.tool())
	if err != nil {
		return err
	}
	argv := append([]string{qemu, binary}, args...)
	return &os.PathError{Op: "exec", Path: qemu, Err: unix.Exec(qemu, argv, os.Environ())}
}
