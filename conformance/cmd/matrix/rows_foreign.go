package main

import (
	"path/filepath"
	"strings"
	"time"
)

// caseTimeout is how long a run of a case may take where a processor is
// emulated: everything there takes ten to fifty times as long.
const caseTimeout = "90s"

// machineTimeout is how long a machine may run from power on to power off. The
// slowest takes three minutes where nothing else runs; the bound is for what
// hangs, not for what other work slows down.
const machineTimeout = 15 * time.Minute

// windows runs under Wine. Go 1.26 and later delete in a way that Wine 8 does
// not know.
func windows() []row {
	return []row{{
		name: "wine/windows", target: target{goos: "windows", goarch: "amd64", toolchain: "go1.25.0"},
		start: func(t *tools, _ row, binary string, flags []string) []string {
			// Wine calls the root directory Z:.
			content := "Z:" + strings.ReplaceAll(t.content, "/", `\`)
			return append([]string{filepath.Join(t.root, "conformance/wine/exec"), binary, "--content", content}, flags...)
		},
		timeout: machineTimeout, flags: []string{"--timeout", caseTimeout},
		note: "Wine is not Windows; Go 1.25, because Wine 8 does not know how later ones delete",
	}}
}

// emulated are processors for which there is no kernel here.
func emulated() []row {
	return []row{
		inEmulator("riscv64"),
		inEmulator("mips64le"),
		inEmulator("arm", "--no-faults").noting("no fault cases: the emulator, not a kernel, delivers the faults, all of them at address 0"),
	}
}

// inEmulator starts the suite, and the suite its own processes, by the lab.
func inEmulator(arch string, also ...string) row {
	return row{
		name: "user/" + arch, target: target{goos: "linux", goarch: arch},
		command: "user", offer: arch, timeout: machineTimeout,
		flags: append([]string{"--timeout", caseTimeout}, also...),
		excluded: map[string]string{
			"TRAP-8/made-up-files-refused": "the emulator makes up /proc/self/maps in a temporary file, which is a regular one",
		},
		start: func(t *tools, r row, binary string, flags []string) []string {
			emulator := t.lab + " user " + r.goarch + " --"
			const script = `binary=$2; export MMAPGUARD_CONFORMANCE_EXEC=$1; shift 2
				exec $MMAPGUARD_CONFORMANCE_EXEC "$binary" --dir "$MMAPGUARD_TEST_DIR" --content "$MMAPGUARD_TEST_DIR" "$@"`
			command := []string{t.lab, "fs", "--content", t.content, "tmpfs", "--", "sh", "-c", script, "sh", emulator, binary}
			return append(command, flags...)
		},
	}
}

func (r row) noting(note string) row {
	r.note = note
	return r
}

// machines boot kernels of their own, those that take longest first.
func machines() []row {
	return []row{
		machine("x86-64", "amd64", "ext4-verity").noting("fs-verity"),
		machine("arm64", "arm64", ""),
		machine("x86-64", "amd64", "btrfs").noting("reflink"),
		machine("x86-64", "amd64", "f2fs").noting("fs-verity"),
		failing(machine("x86-64", "amd64", "ext4-error")),
		machine("ppc64le", "ppc64le", "").noting("pages of 64 KiB"),
		machine("s390x", "s390x", "").noting("big-endian; fault addresses without their low bits"),
	}
}

func machine(arch, goarch, disk string) row {
	name, dir := "vm/"+arch, "/tmp/test"
	if disk != "" {
		name, dir = name+"/"+disk, "/mnt/"+disk
	}
	return row{
		name: name, target: target{goos: "linux", goarch: goarch}, command: "vm", offer: arch,
		timeout: machineTimeout + time.Minute, flags: []string{"--timeout", caseTimeout},
		start: func(t *tools, r row, binary string, flags []string) []string {
			command := []string{t.lab, "vm", "--timeout", machineTimeout.String(), "--content", t.content}
			if disk != "" {
				command = append(command, "--disk", disk)
			}
			return append(append(command, arch, "--", binary, "--dir", dir, "--content", dir+"/content"), flags...)
		},
	}
}

// failing has the device mapper fail a block under the file of the case, one
// case at a time. What needs no failing disk runs on the same file system in
// another row.
func failing(r row) row {
	r.note = "a block of the disk fails (dm-error) under the map; only AV-1, and what reads what is there"
	r.flags = append(r.flags, "--damage", "/init", "--parallel", "1", "--run", "^AV-1/|/given-")
	return r
}
