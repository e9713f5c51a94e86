package main

import (
	"runtime"
	"time"
)

var native = target{goos: "linux", goarch: runtime.GOARCH}

// nativeTimeout is for rows that take seconds where nothing hangs.
const nativeTimeout = 3 * time.Minute

func fileSystems() []row {
	var list []row
	for _, name := range []string{"ext4", "tmpfs", "xfs", "btrfs", "overlayfs"} {
		list = append(list, row{
			name: "fs/" + name, target: native, command: "fs", offer: name,
			start: onFileSystem, timeout: nativeTimeout,
		})
	}
	for _, name := range []string{"squashfs", "erofs"} {
		list = append(list, row{
			name: "fs/" + name, target: native, command: "fs", offer: name,
			start: onFileSystem, timeout: nativeTimeout,
			note: "read-only: the cases that read what is there already",
		})
	}
	return list
}

// onFileSystem runs the suite on a fresh file system. Content is there for the
// cases that need some; a read-only file system has nothing else.
func onFileSystem(t *tools, r row, binary string, flags []string) []string {
	return append([]string{t.lab, "fs", "--content", t.content, r.offer, "--"}, inDirectory(binary, flags)...)
}

// inDirectory is a command that runs the suite in the lab's directory, whose
// name only the lab's command gets to know.
func inDirectory(binary string, flags []string) []string {
	const script = `binary=$1; shift; exec "$binary" --dir "$MMAPGUARD_TEST_DIR" --content "$MMAPGUARD_TEST_DIR" "$@"`
	return append([]string{"sh", "-c", script, "sh", binary}, flags...)
}

func processors() []row {
	return []row{{
		name: "cpu/386", target: target{goos: "linux", goarch: "386"}, command: "fs", offer: "tmpfs",
		start: onFileSystem, timeout: nativeTimeout, note: "32 bits, on the running kernel",
	}}
}

// releases are the Go releases that are supported, and the local one, each with
// the runtime's own way of turning signals into panics.
func releases() []row {
	var list []row
	for _, version := range []string{"go1.25.0", "local", "go1.27.1"} {
		r := row{
			name: "go/" + version, target: native, command: "fs", offer: "tmpfs",
			start: onFileSystem, timeout: nativeTimeout,
		}
		if version != "local" {
			r.toolchain = version
		}
		list = append(list, r)
	}
	return list
}
