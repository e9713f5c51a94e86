//go:build amd64 || arm64

package decode

import (
	"os"
	"reflect"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// links reads what descriptors stand for. That is done for nearly every call, so
// a thread's folder in /proc stays open, and a name that has not changed since
// is not made anew.
type links struct {
	folders map[int]int // /proc/TID/fd, by thread
	known   map[place]string
	name    [16]byte // a descriptor's number, with a zero at its end
	target  [maxString]byte
}

type place struct{ tid, fd int }

// mostFolders bounds how many folders are open; then all are closed.
const mostFolders = 256

func newLinks() *links { return &links{folders: map[int]int{}, known: map[place]string{}} }

// read is the name of the file that a descriptor stands for, if there is such a
// descriptor.
func (l *links) read(tid, fd int) (string, bool) {
	folder, ok := l.folders[tid]
	if !ok {
		var err error
		folder, err = unix.Open("/proc/"+strconv.Itoa(tid)+"/fd", unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
		if err != nil {
			return "", false
		}
		if len(l.folders) >= mostFolders {
			l.forgetAll()
		}
		l.folders[tid] = folder
	}
	n, ok := l.readlink(folder, fd)
	if !ok {
		return "", false
	}
	at := place{tid, fd}
	if name := l.known[at]; name == string(l.target[:n]) {
		return name, true
	}
	l.known[at] = string(l.target[:n])
	return l.known[at], true
}

// readlink is readlinkat(2), without memory of its own.
func (l *links) readlink(folder, fd int) (n int, ok bool) {
	name := strconv.AppendInt(l.name[:0], int64(fd), 10)
	l.name[len(name)] = 0
	got, _, errno := unix.RawSyscall6(unix.SYS_READLINKAT, uintptr(folder),
		reflect.ValueOf(&l.name).Pointer(), reflect.ValueOf(&l.target).Pointer(), uintptr(len(l.target)), 0, 0)
	runtime.KeepAlive(l)
	return int(got), errno == 0 // #nosec G115 -- below maxString
}

// forget is to be told of threads that are no more, or are another's now.
func (l *links) forget(tid int) {
	if folder, ok := l.folders[tid]; ok {
		_ = unix.Close(folder) // it was only looked at
		delete(l.folders, tid)
	}
	for at := range l.known {
		if at.tid == tid {
			delete(l.known, at)
		}
	}
}

func (l *links) forgetAll() {
	for tid := range l.folders {
		l.forget(tid)
	}
}

// Forget is to be told of threads that end, or execute another program.
func (d *Decoder) Forget(tid int) { d.links.forget(tid) }

// Close gives back what is open.
func (d *Decoder) Close() { d.links.forgetAll() }

// procFile is a file about a descriptor.
func procFile(tid int, folder string, fd int) string {
	return "/proc/" + strconv.Itoa(tid) + "/" + folder + "/" + strconv.Itoa(fd)
}

// fdinfo is what the kernel tells of a descriptor.
func fdinfo(tid, fd int) (string, bool) {
	text, err := os.ReadFile(procFile(tid, "fdinfo", fd))
	return string(text), err == nil
}
