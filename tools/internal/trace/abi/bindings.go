package abi

// Kind is how a parameter is shown.
type Kind int

// The kinds. What is none of the others is a number, in the sign of its type.
const (
	Signed     Kind = iota
	Unsigned        //
	Pointer         // an address
	Path            // the address of a name that the kernel reads
	Strings         // the address of a list of names, up to a null pointer
	Descriptor      // an open file
	Directory       // an open directory, or AT_FDCWD
	Size            // a number of bytes
	Offset          // a signed number of bytes
	Octal           // rights
	SignalNo        // a signal
	Value           // of a domain
)

// byName tells the kind of parameters that have the same meaning wherever they
// are an integer. Most are the kernel's own habits of naming.
var byName = map[string]Kind{
	"fd": Descriptor, "fildes": Descriptor, "oldfd": Descriptor, "newfd": Descriptor,
	"in_fd": Descriptor, "out_fd": Descriptor, "fd_in": Descriptor, "fd_out": Descriptor,
	"fdin": Descriptor, "fdout": Descriptor, "epfd": Descriptor, "ufd": Descriptor, "fs_fd": Descriptor,
	"pidfd": Descriptor, "fanotify_fd": Descriptor, "group_fd": Descriptor, "ruleset_fd": Descriptor, "mqdes": Descriptor,
	"dfd": Directory, "olddfd": Directory, "newdfd": Directory,
	"from_dfd": Directory, "to_dfd": Directory, "mountdirfd": Directory,
	"addr": Pointer, "start": Pointer, "new_addr": Pointer, "brk": Pointer, "newsp": Pointer, "tls": Pointer,
	"off": Offset, "pos": Offset, "offset": Offset, "length": Offset, "nbytes": Offset,
	"len": Size, "old_len": Size, "new_len": Size, "size": Size, "count": Size,
	"mode": Octal, "sig": SignalNo,
}

// paths are the names of strings that the kernel reads.
var paths = map[string]bool{
	"filename": true, "pathname": true, "path": true, "oldname": true, "newname": true, "dev_name": true,
	"dir_name": true, "type": true, "name": true, "uname": true, "specialfile": true, "special": true,
	"new_root": true, "put_old": true, "from_pathname": true, "to_pathname": true, "u_name": true,
	"_fs_name": true, "_key": true, "_type": true, "_description": true,
}

// notPaths are strings by that name which the kernel writes, or which have no
// end of their own.
var notPaths = map[string]bool{"uname.name": true, "sethostname.name": true, "setdomainname.name": true}

// domainOf tells which parameters take values of a domain, as "call.parameter"
// or, for all calls, "*.parameter". No header says that.
var domainOf = map[string]string{
	"open.flags": "open", "openat.flags": "open", "pipe2.flags": "open", "dup3.flags": "open",
	"mq_open.oflag": "open", "open_by_handle_at.flags": "open",
	"*.prot": "prot", "mmap.flags": "map", "mremap.flags": "mremap",
	"*.behavior": "madvise", "fadvise64.advice": "fadvise", "msync.flags": "msync",
	"mlockall.flags": "mlockall",
	"fcntl.cmd":      "fcntl", "flock.cmd": "lock", "ioctl.cmd": "ioctl",
	"newfstatat.flag": "at", "statx.flags": "at", "statx.mask": "statx", "linkat.flags": "at",
	"fchownat.flag": "at", "utimensat.flags": "at", "execveat.flags": "at", "name_to_handle_at.flag": "at",
	"fchmodat2.flags": "at", "unlinkat.flag": "unlink",
	"access.mode": "access", "faccessat.mode": "access", "faccessat2.mode": "access", "faccessat2.flags": "accessat",
	"fallocate.mode": "fallocate", "lseek.whence": "whence", "memfd_create.flags": "memfd",
	"clone.clone_flags": "clone", "unshare.unshare_flags": "clone", "setns.flags": "clone",
	"*.family": "family", "socket.type": "socktype", "socketpair.type": "socktype", "accept4.flags": "sockflags",
	"sendto.flags": "message", "recvfrom.flags": "message", "sendmsg.flags": "message", "recvmsg.flags": "message",
	"sendmmsg.flags": "message", "recvmmsg.flags": "message", "shutdown.how": "shutdown",
	"setsockopt.level": "sockopt", "getsockopt.level": "sockopt",
	"getrandom.flags": "random", "eventfd2.flags": "eventfd", "epoll_create1.flags": "epoll", "epoll_ctl.op": "epollop",
	"timerfd_create.flags": "timerfd", "timerfd_create.clockid": "clock", "signalfd4.flags": "signalfd",
	"inotify_init1.flags": "inotify", "inotify_add_watch.mask": "watch",
	"prctl.option": "prctl", "ptrace.request": "ptrace",
	"wait4.options": "wait", "waitid.options": "wait", "waitid.which": "waitfor", "*.which_clock": "clock",
	"mount.flags": "mount", "umount2.flags": "umount", "*.resource": "rlimit",
	"splice.flags": "splice", "tee.flags": "splice", "vmsplice.flags": "splice", "renameat2.flags": "rename",
	"seccomp.op": "seccomp", "close_range.flags": "closerange", "rt_sigprocmask.how": "sigmask",
}
