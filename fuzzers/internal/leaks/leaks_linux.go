package leaks

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Count is what there is at a moment.
type Count struct {
	descriptors []string
	maps        int // of files below a folder, unnamed ones included, and of the library's memfds
	memory      int // maps of memory that can only be read, as copies are
	goroutines  int // that the library started
}

// Take counts; the folder is the one that the files are in.
func Take(folder string) (c Count, err error) {
	if c.descriptors, err = descriptors(); err != nil {
		return c, err
	}
	text, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return c, err
	}
	for line := range bytes.Lines(text) {
		c.countMap(strings.Fields(string(line)), folder)
	}
	c.goroutines = libraryGoroutines()
	return c, nil
}

// libraryGoroutines counts the goroutines that the library started. A caller's
// that are in one of its functions do not count, for they stand in a view.
func libraryGoroutines() (n int) {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	return bytes.Count(stacks, []byte("created by github.com/mmapguard/go/mmapguard."))
}

// descriptors lists what is open, but for the descriptor that it reads by.
func descriptors() ([]string, error) {
	const folder = "/proc/self/fd/"
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, e := range entries {
		if target, err := os.Readlink(folder + e.Name()); err == nil {
			list = append(list, e.Name()+" "+target)
		}
	}
	return list, nil
}

// countMap counts a line of maps: range, permissions, offset, device, inode and
// name (proc_pid_maps(5)). Reservations, which may stay, have no permissions.
func (c *Count) countMap(fields []string, folder string) {
	name := strings.Join(fields[5:], " ")
	switch {
	case fields[1][0] != 'r':
	case strings.HasPrefix(name, folder), strings.Contains(name, "memfd:mmapguard"):
		c.maps++
	case name == "" && fields[1] == "r--p":
		c.memory++
	}
}

// More says what there is more of now, or nothing.
func (c Count) More(now Count) string {
	switch {
	case len(now.descriptors) > len(c.descriptors):
		fresh := slices.DeleteFunc(now.descriptors, func(s string) bool { return slices.Contains(c.descriptors, s) })
		return fmt.Sprintf("%d descriptors too many, among these: %s", len(now.descriptors)-len(c.descriptors), strings.Join(fresh, "; "))
	case now.maps > c.maps:
		return fmt.Sprintf("%d maps of files too many", now.maps-c.maps)
	case now.memory > c.memory:
		return fmt.Sprintf("%d copies in memory too many", now.memory-c.memory)
	case now.goroutines > c.goroutines:
		return fmt.Sprintf("%d goroutines too many", now.goroutines-c.goroutines)
	}
	return ""
}

// patience is how long something may take to go away that is on its way: a
// goroutine that ends, a file that the collector closes.
const patience = 5 * time.Second

// Check compares with a count from before, once what is on its way has gone.
func (c Count) Check(folder string) error {
	for deadline := time.Now().Add(patience); ; runtime.GC() {
		now, err := Take(folder)
		if err != nil {
			return err
		}
		more := c.More(now)
		switch {
		case more == "":
			return nil
		case time.Now().After(deadline):
			return fmt.Errorf("leak: %s", more)
		}
		time.Sleep(time.Millisecond)
	}
}

// Held counts the locks and leases that this process has on a file, as the
// kernel lists them: number, kind, mode, access, process and device with inode
// (proc_locks(5)).
func Held(inode uint64) (n int, err error) {
	text, err := os.ReadFile("/proc/locks")
	if err != nil {
		return 0, err
	}
	self, suffix := fmt.Sprint(os.Getpid()), fmt.Sprintf(":%d", inode)
	for line := range bytes.Lines(text) {
		f := strings.Fields(string(line))
		if len(f) > 5 && (f[1] == "FLOCK" || f[1] == "LEASE") && f[4] == self && strings.HasSuffix(f[5], suffix) {
			n++
		}
	}
	return n, nil
}
