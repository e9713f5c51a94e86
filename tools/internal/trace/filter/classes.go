package filter

import (
	"slices"
	"strings"

	"github.com/mmapguard/go/tools/internal/trace/abi"
)

// listed are the classes that no parameter gives away. Names that a processor
// does not have are left out there.
var listed = map[string]string{
	"memory": "brk mmap munmap mprotect pkey_mprotect mremap msync madvise process_madvise mincore mlock mlock2 " +
		"mlockall munlock munlockall mbind remap_file_pages mseal map_shadow_stack memfd_create memfd_secret " +
		"get_mempolicy set_mempolicy migrate_pages move_pages process_mrelease shmat shmdt userfaultfd",
	"process": "fork vfork clone clone3 execve execveat exit exit_group wait4 waitid kill tkill tgkill " +
		"rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_send_signal unshare setns ptrace process_vm_readv process_vm_writev",
	"network": "socket socketpair bind listen accept accept4 connect getsockname getpeername getsockopt setsockopt " +
		"sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg shutdown",
	"signal": "kill tkill tgkill rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait " +
		"rt_sigqueueinfo rt_tgsigqueueinfo sigaltstack pause signalfd signalfd4 pidfd_send_signal",
	"ipc": "shmat shmctl shmdt shmget semctl semget semop semtimedop msgctl msgget msgrcv msgsnd " +
		"mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr",
	"lock": "flock fcntl",
}

// Classes are the classes of system calls: what %NAME stands for.
func Classes(t *abi.Table) map[string][]string {
	classes := map[string][]string{"all": t.Names()}
	for name, list := range listed {
		classes[name] = slices.DeleteFunc(strings.Fields(list), func(call string) bool {
			_, ok := t.Number(call)
			return !ok
		})
	}
	for _, call := range t.Names() {
		file, desc := takes(call)
		if file {
			classes["file"] = append(classes["file"], call)
		}
		if desc {
			classes["desc"] = append(classes["desc"], call)
		}
	}
	return classes
}

// takes tells whether a call takes the name of a file, or a descriptor.
func takes(call string) (file, desc bool) {
	for _, p := range abi.Params(call) {
		switch p.Kind {
		case abi.Path:
			file = file || p.Name != "uname" && p.Name != "_key" && p.Name != "_type" && p.Name != "_description"
		case abi.Descriptor, abi.Directory:
			desc = true
		}
	}
	return file, desc
}
