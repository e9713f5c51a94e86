//go:build amd64 || arm64

package source

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/ptrace"
)

const (
	maxFrames = 128
	// window is how much of a stack is read at once.
	window = 4096
)

// Resolver finds the lines of the processes of a trace.
type Resolver struct {
	binaries  map[string]*Binary // by file: device and inode
	processes map[int][]mapping
	memory    [window]byte
	// Through are packages that only pass calls on: what they call is their
	// callers'.
	Through []string
}

// mapping is a part of a process's memory that has code in it.
type mapping struct {
	start, end, offset uint64
	path               string
	binary             *Binary // nil if it says nothing about its lines
}

// NewResolver makes one; it has to be closed.
func NewResolver() *Resolver {
	return &Resolver{binaries: map[string]*Binary{}, processes: map[int][]mapping{}}
}

// Close gives the programs back that were read.
func (r *Resolver) Close() error {
	var errs []error
	for _, b := range r.binaries {
		if b != nil {
			errs = append(errs, b.Close())
		}
	}
	return errors.Join(errs...)
}

// Forget is to be told of processes that end or execute another program.
func (r *Resolver) Forget(pid int) { delete(r.processes, pid) }

// Describe adds the stack to a call's event, and the line that is the program's
// own.
func (r *Resolver) Describe(e *event.Event, c *ptrace.Call) {
	var standard func(string) bool
	addresses := r.addresses(c)
	if e.Name == "rt_sigreturn" {
		addresses = addresses[:1] // the rest is what the signal interrupted: it did not call
	}
	for i, pc := range addresses {
		m := r.find(c.PID, pc)
		if m != nil && i == 0 {
			e.Object = m.path
		}
		if m == nil || m.binary == nil {
			continue
		}
		// A return address is behind the call, as a thread in the kernel stands
		// behind the instruction that led there: perhaps in the next function.
		addr, ok := m.binary.Address(pc - 1 - m.start + m.offset)
		if !ok {
			continue
		}
		if f, ok := m.binary.Frame(addr); ok {
			e.Frames = append(e.Frames, f)
			if standard == nil {
				standard = m.binary.Standard
			}
		}
	}
	if standard == nil {
		return
	}
	if own, ok := Own(e.Frames, standard, r.Through); ok {
		e.Source, e.Owner = fmt.Sprintf("%s:%d", own.File, own.Line), Package(own.Func)
	}
}

// addresses are those of the instructions on the stack, the innermost first:
// where the thread is, then the return addresses.
func (r *Resolver) addresses(c *ptrace.Call) []uint64 {
	list := []uint64{c.PC}
	base, n := uint64(0), uint64(0)
	for fp := c.FP; fp != 0 && fp%8 == 0 && len(list) < maxFrames; {
		const pair = 16 // the caller's frame pointer and the return address
		if fp < base || fp+pair > base+n {
			got, err := ptrace.ReadMemory(c.TID, fp, r.memory[:min(window, window-int(fp%window)+pair)])
			if err != nil || got < pair {
				break
			}
			base, n = fp, uint64(got) // #nosec G115 -- a length
		}
		at := r.memory[fp-base:]
		next, pc := binary.NativeEndian.Uint64(at), binary.NativeEndian.Uint64(at[8:])
		if pc == 0 {
			break
		}
		list = append(list, pc)
		// A stack grows downwards: callers lie above. Go's own stacks are apart,
		// and a step from one to another may go either way; it is bounded.
		if next == fp {
			break
		}
		fp = next
	}
	return list
}

// find is the mapping of an address; one that is not known may be new.
func (r *Resolver) find(pid int, pc uint64) *mapping {
	list, ok := r.processes[pid]
	if m := search(list, pc); m != nil || ok && len(list) == 0 {
		return m
	}
	if !ok {
		r.processes[pid] = r.read(pid)
	}
	return search(r.processes[pid], pc)
}

func search(list []mapping, pc uint64) *mapping {
	for i := range list {
		if pc >= list[i].start && pc < list[i].end {
			return &list[i]
		}
	}
	return nil
}

// read lists what has code in a process (proc_pid_maps(5)).
func (r *Resolver) read(pid int) []mapping {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/maps")
	if err != nil {
		return nil
	}
	var list []mapping
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 6 || !strings.Contains(fields[1], "x") || fields[4] == "0" {
			continue
		}
		var m mapping
		if _, err := fmt.Sscanf(fields[0], "%x-%x", &m.start, &m.end); err != nil {
			continue
		}
		if m.offset, err = strconv.ParseUint(fields[2], 16, 64); err != nil {
			continue
		}
		m.path = fields[5]
		m.binary = r.binary(pid, fields[3]+" "+fields[4], fields[5])
		list = append(list, m)
	}
	return list
}

// binary opens a file once. What cannot be read is not shown.
func (r *Resolver) binary(pid int, key, path string) *Binary {
	if b, ok := r.binaries[key]; ok {
		return b
	}
	proc := "/proc/" + strconv.Itoa(pid)
	name := proc + "/root" + path
	if exe, err := os.Readlink(proc + "/exe"); err == nil && strings.TrimSuffix(exe, " (deleted)") == path {
		name = proc + "/exe" // also when its name is gone
	}
	b, err := Open(name)
	if err != nil {
		b = nil
	}
	r.binaries[key] = b
	return b
}
