package abi

import (
	"maps"
	"runtime"
	"slices"
	"strings"
)

// entry is a system call and its number.
type entry struct {
	number uint64
	name   string
}

// constant is a named value.
type constant struct {
	name  string
	value uint64
}

// Table is what a processor's kernel calls its system calls.
type Table struct {
	Arch string // as in GOARCH
	// Audit is how the kernel names the processor (linux/audit.h, AUDIT_ARCH_*).
	Audit   uint32
	names   map[uint64]string
	numbers map[string]uint64
	domains map[string][]constant
	shapes  map[string]shape
}

// shape is what has to be known of a domain to take its values apart.
type shape struct {
	enum bool
	mask uint64
	low  []constant // what is no flag but a number under the mask
	bits []constant // the flags, those of several bits first
	zero string     // the name of 0 where there is no mask
}

// Numbers of linux/audit.h: the machine of the ELF header, with bits for 64 bits
// and for little-endian.
const (
	auditAMD64 = 0xc000003e
	auditARM64 = 0xc00000b7
)

// For is the table of a processor, by its GOARCH. Only amd64 and arm64 have one.
func For(arch string) (*Table, bool) {
	switch arch {
	case "amd64":
		return newTable(arch, auditAMD64, callsAMD64, domainsAMD64), true
	case "arm64":
		return newTable(arch, auditARM64, callsARM64, domainsARM64), true
	}
	return nil, false
}

// Native is the table of the processor that this program was built for.
func Native() (*Table, bool) { return For(runtime.GOARCH) }

func newTable(arch string, audit uint32, calls []entry, domains map[string][]constant) *Table {
	t := &Table{arch, audit, map[uint64]string{}, map[string]uint64{}, domains, map[string]shape{}}
	for _, d := range Domains() {
		t.shapes[d.Name] = t.shapeOf(d)
	}
	for _, c := range calls {
		t.names[c.number] = c.name
		t.numbers[c.name] = c.number
	}
	return t
}

func (t *Table) shapeOf(d Domain) shape {
	s := shape{enum: d.Style == Enum}
	if d.Mask != "" {
		// The generator keeps it apart, under a name of its own.
		s.mask, _ = t.Constant(d.Name+" mask", d.Mask)
	}
	for _, c := range t.domains[d.Name] {
		switch {
		case d.Low != nil && d.Low.MatchString(c.name):
			s.low = append(s.low, c)
		case c.value == 0:
			s.zero = c.name
		default:
			s.bits = append(s.bits, c)
		}
	}
	return s
}

// Name is the name of a number, if it has one.
func (t *Table) Name(number uint64) (string, bool) {
	name, ok := t.names[number]
	return name, ok
}

// Number is the number of a name, if there is one.
func (t *Table) Number(name string) (uint64, bool) {
	n, ok := t.numbers[name]
	return n, ok
}

// Names lists all system calls, by name.
func (t *Table) Names() []string {
	var list []string
	for name := range t.numbers {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// Constant is a named value of a domain.
func (t *Table) Constant(domain, name string) (uint64, bool) {
	for _, c := range t.domains[domain] {
		if c.name == name {
			return c.value, true
		}
	}
	return 0, false
}

// Constants lists the names of all values of all domains that a parameter may
// be of.
func (t *Table) Constants() []string {
	var list []string
	for domain := range t.domains {
		if domain != "errno" {
			list = append(list, t.Members(domain)...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Members lists the names of all values of a domain.
func (t *Table) Members(domain string) []string {
	var list []string
	for _, c := range t.domains[domain] {
		list = append(list, c.name)
	}
	return list
}

// Param is a parameter of a system call.
type Param struct {
	Name   string
	Kind   Kind
	Domain string // of a Value
	Narrow bool   // only the lower 32 bits count
}

// Params are the parameters of a system call. Those of a call that the kernel
// does not describe are six addresses.
func Params(name string) []Param {
	described, ok := prototypes[name]
	if !ok {
		return unknown()
	}
	var list []Param
	for field := range strings.SplitSeq(described, ",") {
		if field != "" {
			list = append(list, param(name, field))
		}
	}
	return list
}

func unknown() []Param {
	var list []Param
	for _, n := range "123456" {
		list = append(list, Param{Name: "arg" + string(n), Kind: Pointer})
	}
	return list
}

// param reads a declaration such as "const char * filename".
func param(call, declared string) Param {
	at := strings.LastIndexByte(declared, ' ')
	kind, name := strings.TrimSpace(declared[:at]), declared[at+1:]
	p := Param{Name: name, Narrow: narrow(kind)}
	if strings.Contains(kind, "*") {
		p.Kind = pointerKind(call, kind, name)
		return p
	}
	for _, key := range []string{call + "." + name, "*." + name} {
		if domain, ok := domainOf[key]; ok {
			p.Kind, p.Domain = Value, domain
			return p
		}
	}
	known, ok := byName[name]
	switch {
	case ok && (known != Octal || kind == "umode_t"):
		p.Kind = known
	case kind == "size_t":
		p.Kind = Size
	case kind == "off_t", kind == "loff_t":
		p.Kind = Offset
	case strings.HasPrefix(kind, "unsigned"), strings.HasPrefix(kind, "u"), strings.HasPrefix(kind, "__u"), strings.HasPrefix(kind, "rwf_t"):
		p.Kind = Unsigned
	}
	return p
}

// Bindings lists the parameters whose values are said to be of a domain, as
// "call.parameter"; the call may be "*".
func Bindings() []string { return slices.Sorted(maps.Keys(domainOf)) }

// narrow tells the types of 32 bits or fewer.
func narrow(kind string) bool {
	switch strings.TrimPrefix(kind, "const ") {
	case "int", "unsigned int", "unsigned", "u32", "__u32", "__s32", "umode_t", "pid_t", "uid_t", "gid_t", "qid_t",
		"clockid_t", "key_t", "key_serial_t", "mqd_t", "rwf_t", "timer_t":
		return true
	}
	return false
}

func pointerKind(call, kind, name string) Kind {
	switch {
	case kind == "const char *const *":
		return Strings
	case (kind == "const char *" || kind == "char *") && paths[name] && !notPaths[call+"."+name]:
		return Path
	}
	return Pointer
}
