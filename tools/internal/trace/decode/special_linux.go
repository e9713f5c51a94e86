//go:build amd64 || arm64

package decode

import (
	"slices"
	"strconv"

	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/ptrace"
)

// returnsAddress are calls that answer with an address.
var returnsAddress = map[string]bool{"mmap": true, "mremap": true, "brk": true, "shmat": true}

// returning are calls that answer with a descriptor.
var returning = map[string]bool{
	"open": true, "openat": true, "openat2": true, "creat": true, "dup": true, "dup2": true, "dup3": true,
	"memfd_create": true, "memfd_secret": true, "socket": true, "accept": true, "accept4": true,
	"epoll_create": true, "epoll_create1": true, "eventfd": true, "eventfd2": true, "signalfd": true, "signalfd4": true,
	"timerfd_create": true, "inotify_init": true, "inotify_init1": true, "fanotify_init": true, "userfaultfd": true,
	"pidfd_open": true, "pidfd_getfd": true, "perf_event_open": true, "io_uring_setup": true, "open_by_handle_at": true,
	"fsopen": true, "fsmount": true, "fspick": true, "open_tree": true, "landlock_create_ruleset": true, "mq_open": true,
}

func (d *Decoder) returnsDescriptor(e *event.Event) bool {
	if e.Name == "fcntl" {
		cmd, _ := e.Arg("cmd")
		return cmd.Text == "F_DUPFD" || cmd.Text == "F_DUPFD_CLOEXEC"
	}
	return returning[e.Name]
}

// fcntlArg tells what the argument of a command is a value of (fcntl(2)).
var fcntlArg = map[string]string{
	"F_SETFL": "open", "F_SETFD": "closexec", "F_ADD_SEALS": "seals", "F_SETLEASE": "lease",
}

// fcntlNoArg are commands that take none.
var fcntlNoArg = []string{"F_GETFD", "F_GETFL", "F_GETLEASE", "F_GET_SEALS", "F_GETOWN", "F_GETSIG", "F_GETPIPE_SZ"}

// fcntlRet tells what the answer to a command is a value of.
var fcntlRet = map[string]string{
	"F_GETFL": "open", "F_GETFD": "closexec", "F_GET_SEALS": "seals", "F_GETLEASE": "lease",
}

// special improves what one argument alone does not tell.
func (d *Decoder) special(c *ptrace.Call, e *event.Event) {
	switch e.Name {
	case "fcntl":
		d.fcntl(e)
	case "ioctl":
		// The file that is cloned is this call's argument (ioctl_ficlone(2)).
		if cmd := e.Args[1]; cmd.Text == "FICLONE" {
			d.descriptor(c, &e.Args[2], abi.Descriptor)
		}
	case "open", "openat":
		hideMode(e)
	case "clone":
		d.cloneFlags(e)
	}
}

func (d *Decoder) fcntl(e *event.Event) {
	cmd, arg := e.Args[1].Text, &e.Args[2]
	switch domain, ok := fcntlArg[cmd]; {
	case ok:
		d.value(arg, domain)
	case slices.Contains(fcntlNoArg, cmd):
		arg.Hidden = true
	case arg.Raw < 1<<20: // a number, not an address
		arg.Text = strconv.FormatUint(arg.Raw, 10)
	default:
		arg.Text = address(arg.Raw)
	}
}

// hideMode leaves out the rights unless a file may be made with them (open(2)).
func hideMode(e *event.Event) {
	flags, _ := e.Arg("flags")
	for i := range e.Args {
		if e.Args[i].Name == "mode" {
			e.Args[i].Hidden = !slices.Contains(flags.Names, "O_CREAT") && !slices.Contains(flags.Names, "O_TMPFILE")
		}
	}
}

// cloneFlags sets the signal apart that the lowest byte of the flags holds
// (clone(2)).
func (d *Decoder) cloneFlags(e *event.Event) {
	const signalMask = 0xff
	flags := &e.Args[0]
	sig := flags.Raw & signalMask
	flags.Names, _ = d.table.Split("clone", flags.Raw&^signalMask)
	flags.Text = d.table.Text("clone", flags.Raw&^signalMask)
	switch {
	case sig != 0 && flags.Raw == sig:
		flags.Text = d.SignalName(int(sig)) // #nosec G115 -- a byte
	case sig != 0:
		flags.Text += "|" + d.SignalName(int(sig)) // #nosec G115 -- a byte
	}
}

// answer shows a number, and the flags that it stands for or that came with it.
func (d *Decoder) answer(e *event.Event) string {
	switch e.Name {
	case "fcntl":
		cmd, _ := e.Arg("cmd")
		if domain, ok := fcntlRet[cmd.Text]; ok {
			v := uint64(e.Ret) // #nosec G115 -- flags
			e.Answer, _ = d.table.Split(domain, v)
			return "0x" + strconv.FormatUint(v, 16) + " (" + d.table.Text(domain, v) + ")"
		}
	case "statx":
		return d.attributes(e)
	}
	return strconv.FormatInt(e.Ret, 10)
}

// attributes reads what statx(2) says about a file besides its size and the
// like: stx_attributes, which the structure has after two words of 32 bits
// (linux/stat.h).
func (d *Decoder) attributes(e *event.Event) string {
	buffer, _ := e.Arg("buffer")
	const attributes = 8
	v, ok := readWord(e.TID, buffer.Raw+attributes)
	if !ok || v == 0 {
		return strconv.FormatInt(e.Ret, 10)
	}
	e.Answer, _ = d.table.Split("statxattr", v)
	return strconv.FormatInt(e.Ret, 10) + " (" + d.table.Text("statxattr", v) + ")"
}
