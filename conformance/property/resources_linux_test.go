package property

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// resources are what a sequence must give back.
type resources struct {
	descriptors []string
	files       int   // maps of files in the directory, of unnamed ones there, and of the library's memfds
	memory      int64 // bytes of anonymous memory that can only be read, as copies are
	goroutines  int   // of the library
}

func resourcesOf(t rapid.TB, dir string) resources {
	t.Helper()
	r := resources{descriptors: descriptors(t), goroutines: libraryGoroutines()}
	f, err := os.Open("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	defer closeFile(t, f)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		r.countMap(strings.Fields(lines.Text()), dir)
	}
	return r
}

// countMap counts a line of maps (proc_pid_maps(5)): range, permissions, offset,
// device, inode, name.
func (r *resources) countMap(fields []string, dir string) {
	name := strings.Join(fields[5:], " ")
	switch {
	case strings.HasPrefix(name, dir), strings.Contains(name, "memfd:mmapguard"):
		r.files++
	case name == "" && fields[1] == "r--p":
		var from, to int64
		if _, err := fmt.Sscanf(fields[0], "%x-%x", &from, &to); err == nil {
			r.memory += to - from
		}
	}
}

// libraryGoroutines counts the goroutines that are in a function of the library.
func libraryGoroutines() int {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	n := 0
	for _, stack := range strings.Split(string(stacks), "\n\n") {
		if strings.Contains(stack, "github.com/mmapguard/go/mmapguard.") {
			n++
		}
	}
	return n
}

// grown says what there is more of now.
func (r resources) grown(now resources) string {
	switch {
	case len(now.descriptors) > len(r.descriptors):
		return fmt.Sprintf("descriptors %v", slices.DeleteFunc(now.descriptors, func(s string) bool { return slices.Contains(r.descriptors, s) }))
	case now.files > r.files:
		return fmt.Sprintf("%d maps of files", now.files-r.files)
	case now.memory > r.memory:
		return fmt.Sprintf("%d bytes of read-only memory", now.memory-r.memory)
	case now.goroutines > r.goroutines:
		return fmt.Sprintf("%d goroutines", now.goroutines-r.goroutines)
	}
	return ""
}
