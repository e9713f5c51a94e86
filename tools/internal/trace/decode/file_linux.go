//go:build amd64 || arm64

package decode

import (
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/tools/internal/trace/abi"
	"github.com/mmapguard/go/tools/internal/trace/event"
	"github.com/mmapguard/go/tools/internal/trace/ptrace"
)

// descriptor shows a descriptor and what it stands for.
func (d *Decoder) descriptor(c *ptrace.Call, a *event.Arg, kind abi.Kind) {
	fd := int32(a.Raw) // #nosec G115 -- descriptors are of this type
	a.Text = strconv.Itoa(int(fd))
	switch {
	case kind == abi.Directory && fd == unix.AT_FDCWD:
		a.Text = "AT_FDCWD"
	case fd >= 0:
		a.File = d.file(c.TID, int(fd))
	}
}

// file finds out what a descriptor stands for, or returns nil if there is no
// such descriptor.
func (d *Decoder) file(tid, fd int) *event.File {
	path, ok := d.links.read(tid, fd)
	if !ok {
		return nil
	}
	f := &event.File{Path: path}
	if !d.Identify {
		return f
	}
	info, err := os.Stat(procFile(tid, "fd", fd)) // follows the link to the file itself, name or not
	if err != nil {
		return f
	}
	identify(f, info)
	if text, ok := fdinfo(tid, fd); ok {
		f.Flags, f.Writable = openFlags(text)
	}
	return f
}

func identify(f *event.File, info fs.FileInfo) {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return
	}
	f.Known, f.Dev, f.Ino = true, st.Dev, st.Ino
	f.Size, f.Regular, f.Nameless = st.Size, info.Mode().IsRegular(), st.Nlink == 0
}

// openFlags reads the line "flags: 0100000" (proc_pid_fdinfo(5)).
func openFlags(fdinfo string) (flags uint64, writable bool) {
	_, rest, _ := strings.Cut(fdinfo, "flags:")
	line, _, _ := strings.Cut(rest, "\n")
	flags, err := strconv.ParseUint(strings.TrimSpace(line), 8, 64)
	return flags, err == nil && flags&unix.O_ACCMODE != unix.O_RDONLY
}
