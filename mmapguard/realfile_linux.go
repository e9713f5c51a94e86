package mmapguard

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// madeUp are the file systems whose files the kernel makes up as they are read:
// their sizes mean nothing, and some of them map device memory. The numbers are
// those of statfs(2).
var madeUp = map[uint32]string{
	unix.PROC_SUPER_MAGIC:     "proc",
	unix.SYSFS_MAGIC:          "sysfs",
	unix.DEBUGFS_MAGIC:        "debugfs",
	unix.TRACEFS_MAGIC:        "tracefs",
	unix.SECURITYFS_MAGIC:     "securityfs",
	unix.CGROUP_SUPER_MAGIC:   "cgroup",
	unix.CGROUP2_SUPER_MAGIC:  "cgroup2",
	unix.SELINUX_MAGIC:        "selinuxfs",
	unix.SMACK_MAGIC:          "smackfs",
	unix.BPF_FS_MAGIC:         "bpf",
	unix.EFIVARFS_MAGIC:       "efivarfs",
	unix.PSTOREFS_MAGIC:       "pstore",
	unix.BINFMTFS_MAGIC:       "binfmt_misc",
	unix.RDTGROUP_SUPER_MAGIC: "resctrl",
	unix.NSFS_MAGIC:           "nsfs",
	unix.SOCKFS_MAGIC:         "sockfs",
	unix.PIPEFS_MAGIC:         "pipefs",
	unix.DEVPTS_SUPER_MAGIC:   "devpts",
	unix.ANON_INODE_FS_MAGIC:  "anon_inode",
	unix.DAXFS_MAGIC:          "dax",
}

// checkRealFile refuses the files of such file systems. Only they live on
// devices with major number 0, as do those of other file systems without a
// block device, so everything else is spared the question.
func checkRealFile(f *os.File, info fs.FileInfo) error {
	if st, ok := info.Sys().(*syscall.Stat_t); ok && unix.Major(uint64(st.Dev)) != 0 { //nolint:unconvert // 32 bits wide on mips
		return nil
	}
	magic, err := fileSystem(f)
	if err != nil {
		return err
	}
	if name, ok := madeUp[magic]; ok {
		return fmt.Errorf("%w: the kernel makes it up as it is read (%s); LoadReader can read it", ErrNotRegular, name)
	}
	return nil
}

// fileSystem is the type of the file system that a file lies on.
func fileSystem(f *os.File) (magic uint32, err error) {
	var st unix.Statfs_t
	err = control(f, func(fd uintptr) error { return unix.Fstatfs(int(fd), &st) })
	return uint32(st.Type), err // #nosec G115 -- the numbers have 32 bits; the field is signed or wider by architecture
}
