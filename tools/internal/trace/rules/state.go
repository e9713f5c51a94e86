package rules

import (
	"slices"

	"github.com/mmapguard/go/tools/internal/trace/event"
)

// stateCalls are the calls that the state of a process follows from.
var stateCalls = []string{
	"open", "openat", "openat2", "creat", "memfd_create", "memfd_secret", "dup", "dup2", "dup3", "fcntl", "close", "close_range",
	"socket", "accept", "accept4", "pipe", "pipe2", "epoll_create1", "eventfd2",
	"mmap", "munmap", "mremap", "mprotect", "execve", "execveat",
}

// inode tells files apart.
type inode struct{ dev, ino uint64 }

// descriptor is one opening of a file, from then to the close.
type descriptor struct {
	fd     int
	opened *event.Event // nil if that was not seen
	owned  bool         // opened by a call that is looked at
	serial uint64       // in the order of their coming
	guard  bool         // a guard was taken with it, and is held
	file   inode
	known  bool // what file it is
}

// mapping is a part of a process's memory that shows a file.
type mapping struct {
	start, end uint64
	made       *event.Event
	serial     uint64
	file       inode
}

// process is what is known of one.
type process struct {
	descriptors map[int]*descriptor
	mappings    []mapping
	history     []past
	owed        []debt
	marks       map[string]uint64 // the serial at the begin of a stretch, by its name
}

// past is a call that was looked at.
type past struct {
	event      *event.Event
	matches    map[string]bool // events that it is
	descriptor *descriptor
	source     *descriptor // the second, of a call that has two
	file       inode
	hasFile    bool
}

func newProcess() *process {
	return &process{descriptors: map[int]*descriptor{}, marks: map[string]uint64{}}
}

// child is the state of a process that was forked: the same descriptors and
// mappings, none of which it has made itself.
func (p *process) child() *process {
	c := newProcess()
	for fd, d := range p.descriptors {
		inherited := *d
		inherited.owned = false
		c.descriptors[fd] = &inherited
	}
	return c
}

// of are the descriptors that a call was made with: the first, and the second
// if it has two. One that was there before the trace is met for the first time.
func (p *process) of(e *event.Event) (first, second *descriptor) {
	for _, a := range e.Args {
		switch {
		case a.File == nil:
		case first == nil:
			first = p.behind(a)
		case second == nil:
			second = p.behind(a)
		}
	}
	return first, second
}

// behind is the descriptor that an argument is.
func (p *process) behind(a event.Arg) *descriptor {
	fd := int(int32(a.Raw)) // #nosec G115 -- descriptors are of this type
	d := p.descriptors[fd]
	if d == nil {
		d = &descriptor{fd: fd}
		p.descriptors[fd] = d
	}
	if a.File.Known {
		d.file, d.known = inode{a.File.Dev, a.File.Ino}, true
	}
	return d
}

// begins follows calls that take something away, before the kernel does: what
// they free may be another thread's before the answer is seen.
func (p *process) begins(e *event.Event) {
	switch e.Name {
	case "close":
		delete(p.descriptors, int(int32(e.Args[0].Raw))) // #nosec G115 -- descriptors are of this type
	case "close_range":
		first, last := e.Args[0].Raw, e.Args[1].Raw
		for fd := range p.descriptors {
			if n := uint64(fd); n >= first && n <= last { // #nosec G115 -- not negative
				delete(p.descriptors, fd)
			}
		}
	case "munmap":
		p.unmap(e.Args[0].Raw, e.Args[1].Raw)
	}
}

// follows takes over what a call has changed. Only what calls make that are
// looked at counts as owned.
func (p *process) follows(e *event.Event, owned bool, serial uint64) {
	if e.RetFile != nil {
		d := &descriptor{fd: int(e.Ret), opened: e, owned: owned, serial: serial}
		if e.RetFile.Known {
			d.file, d.known = inode{e.RetFile.Dev, e.RetFile.Ino}, true
		}
		p.descriptors[d.fd] = d
	}
	switch e.Name {
	case "mmap":
		p.mapped(e, owned, serial)
	case "mremap":
		p.moved(e)
	case "mprotect":
		if prot, _ := e.Arg("prot"); prot.Raw == 0 { // PROT_NONE: there, but for nobody
			p.unmap(e.Args[0].Raw, e.Args[1].Raw)
		}
	}
}

func (p *process) mapped(e *event.Event, owned bool, serial uint64) {
	start, length := uint64(e.Ret), e.Args[1].Raw // #nosec G115 -- an address
	p.unmap(start, length)
	if file := e.File(); file != nil && owned && !anonymous(e) {
		p.mappings = append(p.mappings, mapping{start, pageEnd(start + length), e, serial, inode{file.Dev, file.Ino}})
	}
}

func anonymous(e *event.Event) bool {
	flags, _ := e.Arg("flags")
	return slices.Contains(flags.Names, "MAP_ANONYMOUS")
}

// moved follows memory to another address, where it takes the place of what was
// there (mremap(2)).
func (p *process) moved(e *event.Event) {
	from, oldLen, newLen := e.Args[0].Raw, e.Args[1].Raw, e.Args[2].Raw
	var taken []mapping
	for _, m := range p.mappings {
		if m.start >= from && m.end <= pageEnd(from+oldLen) {
			m.start, m.end = uint64(e.Ret), pageEnd(uint64(e.Ret)+newLen) // #nosec G115 -- an address
			taken = append(taken, m)
		}
	}
	p.unmap(from, oldLen)
	p.unmap(uint64(e.Ret), newLen) // #nosec G115 -- an address
	p.mappings = append(p.mappings, taken...)
}

// pageEnd is where the page ends that comes before an address. Larger pages end
// there too.
func pageEnd(addr uint64) uint64 {
	const page = 4096
	return (addr + page - 1) &^ (page - 1)
}

// unmap takes a range away, and leaves what sticks out of it.
func (p *process) unmap(start, length uint64) {
	end := pageEnd(start + length)
	var left []mapping
	for _, m := range p.mappings {
		if m.end <= start || m.start >= end {
			left = append(left, m)
			continue
		}
		if m.start < start {
			before := m
			before.end = start
			left = append(left, before)
		}
		if m.end > end {
			after := m
			after.start = end
			left = append(left, after)
		}
	}
	p.mappings = left
}

// counts tells how many mappings there are of a file, and how many guards.
func (p *process) counts(file inode) (maps, guards int) {
	for _, m := range p.mappings {
		if m.file == file {
			maps++
		}
	}
	for _, d := range p.descriptors {
		if d.guard && d.known && d.file == file {
			guards++
		}
	}
	return maps, guards
}
