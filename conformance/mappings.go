package conformance

import (
	"fmt"
	"os"
	"reflect"
	"strings"
)

// mapping is one line of /proc/PID/maps (proc_pid_maps(5)).
type mapping struct {
	from, to uint64
	inode    uint64
	path     string
}

// mappings lists what this process has mapped.
func (e *Env) mappings() []mapping {
	list, err := mappingsOf("self")
	e.must(err, "reading the table of maps")
	return list
}

func mappingsOf(pid string) ([]mapping, error) {
	text, err := os.ReadFile("/proc/" + pid + "/maps")
	if err != nil {
		return nil, err
	}
	var list []mapping
	for line := range strings.Lines(string(text)) {
		var m mapping
		var rights, off, dev string
		if _, err := fmt.Sscanf(line, "%x-%x %s %s %s %d", &m.from, &m.to, &rights, &off, &dev, &m.inode); err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
		if _, path, ok := strings.Cut(line, "/"); ok {
			m.path = "/" + strings.TrimSpace(path)
		}
		list = append(list, m)
	}
	return list, nil
}

// address is where a slice begins.
func address(b []byte) uint64 { return uint64(reflect.ValueOf(b).Pointer()) }

// inodeAt is the inode of the file that is mapped where a slice begins; 0 if
// there is no file.
func (e *Env) inodeAt(b []byte) uint64 {
	at := address(b)
	for _, m := range e.mappings() {
		if m.from <= at && at < m.to {
			return m.inode
		}
	}
	e.broken("nothing is mapped where the bytes are")
	return 0
}
