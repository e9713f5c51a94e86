package main

import (
	"slices"
	"strings"
)

// faultyNote is for mounts that do not do what a file system has to.
const faultyNote = "cases may end with an error (e), never with a crash or a hang"

// fuses are FUSE mounts: one that works, ones that refuse what a file system
// may refuse, and ones that fail.
func fuses() []row {
	list := []row{
		fuse("healthy", ""),
		fuse("nolock", "nolock", "flock and fcntl locks are refused"),
		fuse("nolease", "nolease", "leases are refused"),
		fuse("nodirect", "nodirect", "O_DIRECT is refused"),
		fuse("nommap", "nommap", "shared maps are refused"),
		fuse("slow", "hang=1:20ms", "reads of the second page are answered late"),
	}
	for name, fault := range map[string]string{
		"eio-first": "eio=0", "eio-second": "eio=1", "short": "short=100", "size-more": "size=+4096", "size-less": "size=-100",
	} {
		r := fuse(name, fault, faultyNote)
		r.faulty = true
		list = append(list, r)
	}
	return append(sortedByName(list), dying(), hanging())
}

func fuse(name, fault string, note ...string) row {
	r := row{
		name: "fuse/" + name, target: native, command: "fs", offer: "fuse", timeout: nativeTimeout,
		start: func(t *tools, _ row, binary string, flags []string) []string {
			return append([]string{t.lab, "fuse", "--fault", fault, "--content", t.content, "--"}, inDirectory(binary, flags)...)
		},
	}
	if fault != "" {
		r.note = fault
	}
	for _, n := range note {
		r.note += ": " + n
	}
	return r
}

// dying is a mount whose server ends at the first read of the second page of
// any file.
func dying() row {
	r := contentOnly(fuse("die", "die=1", faultyNote))
	r.faulty = true
	return r
}

// hanging is a mount whose server answers late, each time that the second page
// of a file is read. Nobody can give up waiting in a page fault, so that an
// answer that never comes ends with the process; what is judged is that all is
// well once the answer is there.
func hanging() row {
	return contentOnly(fuse("hang", "hang=1:1s", "all is well once the server answers"))
}

// contentOnly has the suite's own folder behind the mount, and judges what can
// be done by reading.
func contentOnly(r row) row {
	healthy := r.start
	r.start = func(t *tools, r row, binary string, flags []string) []string {
		command := healthy(t, r, binary, flags)
		for i, word := range command {
			command[i] = strings.Replace(word, `--dir "$MMAPGUARD_TEST_DIR"`, `--dir "$MMAPGUARD_TEST_BACKING"`, 1)
		}
		return command
	}
	r.flags = append(r.flags, "--run", "/given-")
	r.note += "; only what reads what is there"
	return r
}

func sortedByName(list []row) []row {
	slices.SortStableFunc(list, func(a, b row) int {
		switch {
		case a.faulty == b.faulty && a.name < b.name, !a.faulty && b.faulty:
			return -1
		}
		return 1
	})
	return list
}
