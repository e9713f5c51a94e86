package main

import (
	"path/filepath"
	"time"
)

// caseTimeout is how long a run of a case may take where a processor is
// emulated: everything there takes ten to fifty times as long.
const caseTimeout = "90s"

// machineTimeout is how long a machine may run from power on to power off.
const machineTimeout = 5 * time.Minute

// windows runs under Wine. Go 1.26 and later delete in a way that Wine 8 does
// not know.
func windows() []row {
	return []row{{
		name: "wine/windows", target: target{goos: "windows", goarch: "amd64", toolchain: "go1.25.0"},
		start: func(t *tools, _ row, binary string, flags []string) []string {
			return append([]string{filepath.Join(t.root, "conformance/wine/exec"), binary}, flags...)
		},
		timeout: machineTimeout, flags: []string{"--timeout", caseTimeout},
		note: "Wine is not Windows; Go 1.25, because Wine 8 does not know how later ones delete",
	}}
}

// emulated are processors for which there is no kernel here.
func emulated() []row {
	var list []row
	for _, arch := range []string{"riscv64", "arm", "mips64le"} {
		list = append(list, row{
			name: "user/" + arch, target: target{goos: "linux", goarch: arch},
			command: "user", offer: arch, start: inEmulator, timeout: machineTimeout,
			flags: []string{"--no-faults", "--timeout", caseTimeout},
			note:  "no fault cases: the emulator, not a kernel, delivers the faults",
		})
	}
	return list
}

// inEmulator starts the suite, and the suite its own processes, by the lab.
func inEmulator(t *tools, r row, binary string, flags []string) []string {
	emulator := t.lab + " user " + r.goarch + " --"
	const script = `binary=$2; export MMAPGUARD_CONFORMANCE_EXEC=$1; shift 2
		exec $MMAPGUARD_CONFORMANCE_EXEC "$binary" --dir "$MMAPGUARD_TEST_DIR" --content "$MMAPGUARD_TEST_DIR" "$@"`
	command := []string{t.lab, "fs", "--content", t.content, "tmpfs", "--", "sh", "-c", script, "sh", emulator, binary}
	return append(command, flags...)
}

// machines boot kernels of their own.
func machines() []row {
	list := []row{
		machine("ppc64le", "ppc64le", "", "pages of 64 KiB"),
		machine("s390x", "s390x", "", "big-endian; fault addresses without their low bits"),
		machine("arm64", "arm64", "", ""),
	}
	for disk, note := range map[string]string{"ext4-verity": "fs-verity", "f2fs": "fs-verity", "btrfs": "reflink", "ext4-error": ""} {
		list = append(list, machine("x86-64", "amd64", disk, note))
	}
	return sortedByName(list)
}

func machine(arch, goarch, disk, note string) row {
	name := "vm/" + arch
	if disk != "" {
		name += "/" + disk
	}
	return row{
		name: name, target: target{goos: "linux", goarch: goarch}, command: "vm", offer: arch,
		timeout: machineTimeout + time.Minute, note: note, flags: []string{"--timeout", caseTimeout},
		start: func(t *tools, r row, binary string, flags []string) []string {
			command := []string{t.lab, "vm", "--timeout", machineTimeout.String()}
			dir := "/tmp"
			if disk != "" {
				command = append(command, "--disk", disk)
				dir = "/mnt/" + disk
			}
			return append(append(command, arch, "--", binary, "--dir", dir), flags...)
		},
	}
}
