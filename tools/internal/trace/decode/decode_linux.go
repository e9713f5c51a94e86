//go:build amd64 || arm64

package decode

import (
	"strconv"

	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/ptrace"
)

// Decoder knows the tables of one processor. It is used by one goroutine.
type Decoder struct {
	table  *abi.Table
	shapes map[string][]abi.Param
	text   []byte // for what is read from the program
	links  *links
	// Identify looks up the inode, the size and the rights of descriptors, which
	// costs three system calls each.
	Identify bool
}

// New makes a decoder, which has to be closed.
func New(table *abi.Table) *Decoder {
	return &Decoder{table: table, shapes: map[string][]abi.Param{}, text: make([]byte, maxString), links: newLinks()}
}

// Enter describes a call that begins.
func (d *Decoder) Enter(c *ptrace.Call) *event.Event {
	e := &event.Event{Kind: event.Syscall, PID: c.PID, TID: c.TID, At: c.Entered, Number: c.Number}
	var params []abi.Param
	e.Name, params = d.shape(c)
	e.Args = make([]event.Arg, len(params))
	for i, p := range params {
		e.Args[i] = d.arg(c, p, c.Args[i])
	}
	d.special(c, e)
	return e
}

// shape finds the name and the parameters of a call. One made in the way of
// another processor, or that has no name, is shown by number.
func (d *Decoder) shape(c *ptrace.Call) (string, []abi.Param) {
	name, ok := d.table.Name(c.Number)
	switch {
	case c.Foreign:
		name = foreign(c.Audit) + "_" + strconv.FormatUint(c.Number, 10)
	case !ok:
		name = "syscall_" + strconv.FormatUint(c.Number, 10)
	}
	params, ok := d.shapes[name]
	if !ok {
		params = abi.Params(name)
		d.shapes[name] = params
	}
	return name, params
}

// foreign names the other ways to call the kernel (linux/audit.h).
func foreign(audit uint32) string {
	switch audit {
	case 0x40000003:
		return "i386"
	case 0x40000028:
		return "arm"
	}
	return "arch" + strconv.FormatUint(uint64(audit), 16)
}

// arg describes an argument.
func (d *Decoder) arg(c *ptrace.Call, p abi.Param, raw uint64) event.Arg {
	if p.Narrow {
		raw = uint64(uint32(raw)) // #nosec G115 -- the kernel takes no more of it
	}
	a := event.Arg{Name: p.Name, Raw: raw}
	switch p.Kind {
	case abi.Path:
		d.path(c, &a)
	case abi.Strings:
		a.Text = d.list(c.TID, raw, p.Name)
	case abi.Descriptor, abi.Directory:
		d.descriptor(c, &a, p.Kind)
	case abi.Value:
		d.value(&a, p.Domain)
	case abi.Pointer:
		a.Text = address(raw)
	case abi.Octal:
		a.Text = octal(raw)
	case abi.SignalNo:
		a.Text = d.signalNumber(int(int32(raw))) // #nosec G115 -- a signal
	case abi.Unsigned:
		a.Text = unsigned(raw)
	case abi.Size:
		a.Text = strconv.FormatUint(raw, 10)
	case abi.Signed, abi.Offset:
		a.Text = signed(raw, p.Narrow)
	}
	return a
}

func (d *Decoder) value(a *event.Arg, domain string) {
	a.Flag = true
	a.Names, _ = d.table.Split(domain, a.Raw)
	a.Text = d.table.Text(domain, a.Raw)
}

// Leave adds the answer.
func (d *Decoder) Leave(e *event.Event, c *ptrace.Call) {
	e.Done, e.Ret, e.Failed = true, c.Ret, c.Failed
	e.Dur = c.Left - c.Entered
	switch {
	case c.Failed:
		e.Errno = d.errnoName(-c.Ret)
	case returnsAddress[e.Name]:
		e.RetText = address(uint64(c.Ret)) // #nosec G115 -- an address
	case d.returnsDescriptor(e):
		e.RetText = strconv.FormatInt(c.Ret, 10)
		e.RetFile = d.file(c.TID, int(c.Ret))
	default:
		e.RetText = d.answer(e)
	}
}
