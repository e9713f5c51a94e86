package main

import "slices"

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
	return append(sortedByName(list), dying("die", "die=1"), dying("hang", "hang=1:1h"))
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

// dying is a mount whose server ends, or never answers, at the first read of
// the second page of any file. The suite can do nothing there but read, so it
// has its folder behind the mount.
func dying(name, fault string) row {
	r := fuse(name, fault, faultyNote+"; only what reads what is there")
	r.faulty = true
	r.start = func(t *tools, _ row, binary string, flags []string) []string {
		const script = `binary=$1; shift; exec "$binary" --dir "$MMAPGUARD_TEST_BACKING" --content "$MMAPGUARD_TEST_DIR" "$@"`
		command := []string{t.lab, "fuse", "--fault", fault, "--content", t.content, "--", "sh", "-c", script, "sh", binary}
		return append(command, flags...)
	}
	r.flags = []string{"--run", "/given-", "--timeout", "5s"}
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
