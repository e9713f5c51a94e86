package main

import (
	"strings"
)

// fuses are FUSE mounts: one that works, ones that refuse what a file system
// may refuse, ones that lie or fail, one that dies and ones that hang.
func fuses() []row {
	return []row{
		hanging(),
		fuse("healthy", ""),
		fuse("nodirect", "nodirect", "O_DIRECT is refused"),
		fuse("nolease", "nolease", "leases are refused"),
		fuse("nolock", "nolock", "flock and fcntl locks are refused"),
		fuse("nommap", "nommap", "shared maps are refused"),
		fuse("eio-first", "eio=0", "the first page of every file is an error"),
		fuse("eio-second", "eio=1", "the second page of every file is an error"),
		fuse("short", "short=100", "a read delivers no more than 100 bytes"),
		fuse("size-less", "size=-100", "files look smaller than they are"),
		fuse("size-more", "size=+4096", "files look larger than they are"),
		dying(),
		silent(),
	}
}

func fuse(name, fault string, note ...string) row {
	r := row{
		name: "fuse/" + name, target: native, command: "fs", offer: "fuse", timeout: nativeTimeout,
		start: func(t *tools, _ row, binary string, flags []string) []string {
			return append([]string{t.lab, "fuse", "--fault", fault, "--content", t.content, "--"}, inDirectory(binary, flags)...)
		},
	}
	if fault != "" {
		r.note = strings.Join(append([]string{fault}, note...), ": ")
	}
	return r
}

// dying is a mount whose server ends at the first read of the second page of
// any file, which is one under a map: from then on everything is an error. The
// suite's own folder lies behind the mount, or it could not even begin.
func dying() row {
	r := fuse("die", "die=1", "cases may end with an error (e), never with a wrong byte, a crash or a hang; only what reads what is there")
	healthy := r.start
	r.start = func(t *tools, r row, binary string, flags []string) []string {
		command := healthy(t, r, binary, flags)
		for i, word := range command {
			command[i] = strings.Replace(word, `--dir "$MMAPGUARD_TEST_DIR"`, `--dir "$MMAPGUARD_TEST_BACKING"`, 1)
		}
		return command
	}
	r.flags = []string{"--run", "/given-"}
	r.faulty = true
	return r
}

// hanging is a mount whose server answers late, each time that the second page
// of a file is read. Nobody can give up waiting in a page fault; what is judged
// is that all is well once the answer is there.
func hanging() row {
	r := fuse("hang", "hang=1:200ms", "all is well once the server answers")
	r.flags = []string{"--timeout", caseTimeout}
	return r
}

// silent is a mount whose server does not answer as long as the suite runs.
// What is judged is that the suite says so, and ends.
func silent() row {
	r := fuse("silent", "hang=1:1h", "nothing is promised on storage that does not answer, and the suite says so in seconds")
	r.start = func(t *tools, _ row, binary string, flags []string) []string {
		const script = `binary=$1; shift; exec "$binary" --dir "$MMAPGUARD_TEST_DIR" "$@"`
		return append([]string{t.lab, "fuse", "--fault", "hang=1:1h", "--", "sh", "-c", script, "sh", binary}, flags...)
	}
	return r
}
