package abi

import "regexp"

// Style tells how the values of a domain are put together.
type Style int

const (
	// Enum values stand alone.
	Enum Style = iota
	// Flags are bits that are joined.
	Flags
)

// Domain is a kind of value: the names of a family of constants.
type Domain struct {
	Name string
	// Pattern selects the constants by name, for the generator.
	Pattern *regexp.Regexp
	Style   Style
	// Mask is the constant whose bits are one number among the flags, as the
	// access mode is among those of open(2); empty if there is none.
	Mask string
	// Low is what Mask selects, of the same family: these are no flags.
	Low *regexp.Regexp
}

func enum(name, pattern string) Domain {
	return Domain{Name: name, Pattern: regexp.MustCompile("^(" + pattern + ")$"), Style: Enum}
}

func flags(name, pattern string) Domain {
	return Domain{Name: name, Pattern: regexp.MustCompile("^(" + pattern + ")$"), Style: Flags}
}

func masked(name, pattern, mask, low string) Domain {
	d := flags(name, pattern+"|"+low)
	d.Mask, d.Low = mask, regexp.MustCompile("^("+low+")$")
	return d
}

// Domains lists all kinds of values. Where several names have one value, the
// generator keeps the first in this order of patterns, then of the alphabet.
func Domains() []Domain {
	return []Domain{
		masked("open", `O_(APPEND|ASYNC|CLOEXEC|CREAT|DIRECT|DIRECTORY|DSYNC|EXCL|LARGEFILE|NOATIME|NOCTTY|NOFOLLOW|NONBLOCK|PATH|SYNC|TMPFILE|TRUNC)`,
			"O_ACCMODE", `O_RDONLY|O_WRONLY|O_RDWR`),
		flags("prot", `PROT_\w+`),
		masked("map", `MAP_(32BIT|ANONYMOUS|DENYWRITE|DROPPABLE|EXECUTABLE|FIXED|FIXED_NOREPLACE|GROWSDOWN|HUGETLB|LOCKED|NONBLOCK|NORESERVE|POPULATE|STACK|SYNC|UNINITIALIZED)`,
			"MAP_TYPE", `MAP_SHARED|MAP_PRIVATE|MAP_SHARED_VALIDATE`),
		flags("mremap", `MREMAP_\w+`),
		enum("madvise", `MADV_\w+`),
		enum("fadvise", `FADV_\w+`),
		flags("msync", `MS_(ASYNC|INVALIDATE|SYNC)`),
		flags("mlockall", `MCL_\w+`),
		enum("fcntl", `F_(ADD_SEALS|CREATED_QUERY|DUPFD\w*|GET(FD|FL|LEASE|LK|OWN\w*|PIPE_SZ|SIG)|GET_\w+|NOTIFY|OFD_\w+|SET(FD|FL|LEASE|LKW?|OWN\w*|PIPE_SZ|SIG)|SET_\w+)`),
		enum("lease", `F_(RDLCK|UNLCK|WRLCK)`),
		flags("seals", `F_SEAL_\w+`),
		flags("closexec", `FD_CLOEXEC`),
		flags("lock", `LOCK_(EX|NB|SH|UN)`),
		flags("at", `AT_(EMPTY_PATH|NO_AUTOMOUNT|RECURSIVE|STATX_(DONT|FORCE)_SYNC|SYMLINK_FOLLOW|SYMLINK_NOFOLLOW)`),
		flags("unlink", `AT_REMOVEDIR`),
		flags("accessat", `AT_(EACCESS|EMPTY_PATH|SYMLINK_NOFOLLOW)`),
		flags("access", `[RWX]_OK|F_OK`),
		flags("statx", `STATX_(BASIC_STATS|BTIME|MNT_ID\w*|DIOALIGN|SUBVOL|WRITE_ATOMIC|TYPE|MODE|NLINK|UID|GID|ATIME|MTIME|CTIME|INO|SIZE|BLOCKS)`),
		flags("statxattr", `STATX_ATTR_\w+`),
		flags("fallocate", `FALLOC_FL_(COLLAPSE_RANGE|INSERT_RANGE|KEEP_SIZE|NO_HIDE_STALE|PUNCH_HOLE|UNSHARE_RANGE|WRITE_ZEROES|ZERO_RANGE)`),
		enum("whence", `SEEK_(CUR|DATA|END|HOLE|SET)`),
		flags("memfd", `MFD_(ALLOW_SEALING|CLOEXEC|EXEC|HUGETLB|NOEXEC_SEAL)`),
		flags("clone", `CLONE_(CHILD_\w+|CLEAR_SIGHAND|DETACHED|FILES|FS|INTO_CGROUP|IO|NEW\w+|PARENT|PARENT_SETTID|PIDFD|PTRACE|SETTLS|SIGHAND|SYSVSEM|THREAD|UNTRACED|VFORK|VM)`),
		enum("family", `AF_\w+`),
		masked("socktype", `SOCK_(CLOEXEC|NONBLOCK)`, "SOCK_TYPE_MASK", `SOCK_(DCCP|DGRAM|PACKET|RAW|RDM|SEQPACKET|STREAM)`),
		flags("sockflags", `SOCK_(CLOEXEC|NONBLOCK)`),
		flags("message", `MSG_\w+`),
		enum("shutdown", `SHUT_\w+`),
		enum("sockopt", `SOL_\w+`),
		flags("random", `GRND_\w+`),
		flags("eventfd", `EFD_\w+`),
		flags("epoll", `EPOLL_CLOEXEC`),
		enum("epollop", `EPOLL_CTL_\w+`),
		flags("timerfd", `TFD_(CLOEXEC|NONBLOCK)`),
		flags("signalfd", `SFD_\w+`),
		flags("inotify", `IN_(CLOEXEC|NONBLOCK)`),
		flags("watch", `IN_(ACCESS|ATTRIB|CLOSE_\w+|CREATE|DELETE\w*|DONT_FOLLOW|EXCL_UNLINK|MASK_\w+|MODIFY|MOVED_\w+|MOVE_SELF|ONESHOT|ONLYDIR|OPEN)`),
		enum("prctl", `PR_(GET|SET|CAP|CAPBSET|MCE|MPX|PAC|SCHED|SPEC|SVE|TASK|TIMER)_\w+`),
		enum("ptrace", `PTRACE_(ATTACH|CONT|DETACH|GET\w+|INTERRUPT|KILL|LISTEN|PEEK\w+|POKE\w+|SEIZE|SET\w+|SINGLE\w+|SYSCALL|SYSEMU\w*|TRACEME)`),
		enum("ioctl", `(FICLONE|FICLONERANGE|FIDEDUPERANGE|FIBMAP|FIFREEZE|FIGETBSZ|FIONREAD|FITHAW|FITRIM|FS_IOC_\w+|BLK[A-Z]+\w*|TC[A-Z]+\w*|TIOC[A-Z]+\w*|SIOC[A-Z]+\w*)`),
		flags("wait", `W(ALL|CLONE|CONTINUED|EXITED|NOHANG|NOTHREAD|NOWAIT|UNTRACED)`),
		enum("waitfor", `P_(ALL|PGID|PID|PIDFD)`),
		enum("clock", `CLOCK_(BOOTTIME\w*|MONOTONIC\w*|PROCESS_CPUTIME_ID|REALTIME\w*|TAI|THREAD_CPUTIME_ID)`),
		flags("mount", `MS_(BIND|DIRSYNC|LAZYTIME|MANDLOCK|MOVE|NOATIME|NODEV|NODIRATIME|NOEXEC|NOSUID|PRIVATE|RDONLY|REC|RELATIME|REMOUNT|SHARED|SILENT|SLAVE|STRICTATIME|SYNCHRONOUS|UNBINDABLE)`),
		flags("umount", `MNT_\w+|UMOUNT_\w+`),
		enum("rlimit", `RLIMIT_\w+`),
		flags("splice", `SPLICE_F_\w+`),
		flags("rename", `RENAME_\w+`),
		enum("seccomp", `SECCOMP_(GET_\w+|SET_MODE_\w+)`),
		flags("closerange", `CLOSE_RANGE_\w+`),
		enum("errno", `Errno:E\w+`),
		enum("signal", `Signal:SIG\w+`),
		enum("sigmask", `SIG_(BLOCK|SETMASK|UNBLOCK)`),
	}
}
