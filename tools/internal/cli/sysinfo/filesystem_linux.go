package sysinfo

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// magics are the numbers of statfs(2) for the file systems one meets. Those
// without a constant in package unix are from the file systems' own sources.
var magics = map[uint32]string{
	unix.EXT4_SUPER_MAGIC:      "ext2/3/4",
	unix.XFS_SUPER_MAGIC:       "xfs",
	unix.BTRFS_SUPER_MAGIC:     "btrfs",
	unix.TMPFS_MAGIC:           "tmpfs",
	unix.RAMFS_MAGIC:           "ramfs",
	unix.OVERLAYFS_SUPER_MAGIC: "overlay",
	unix.F2FS_SUPER_MAGIC:      "f2fs",
	unix.SQUASHFS_MAGIC:        "squashfs",
	unix.EROFS_SUPER_MAGIC_V1:  "erofs",
	unix.ISOFS_SUPER_MAGIC:     "iso9660",
	unix.MSDOS_SUPER_MAGIC:     "vfat",
	unix.EXFAT_SUPER_MAGIC:     "exfat",
	unix.FUSE_SUPER_MAGIC:      "fuse",
	unix.NFS_SUPER_MAGIC:       "nfs",
	unix.SMB2_SUPER_MAGIC:      "smb2",
	unix.CIFS_SUPER_MAGIC:      "cifs",
	unix.CEPH_SUPER_MAGIC:      "ceph",
	unix.V9FS_MAGIC:            "9p",
	unix.HUGETLBFS_MAGIC:       "hugetlbfs",
	unix.PROC_SUPER_MAGIC:      "proc",
	unix.SYSFS_MAGIC:           "sysfs",
	unix.CGROUP2_SUPER_MAGIC:   "cgroup2",
	0x2fc12fc1:                 "zfs",
	0xca451a4e:                 "bcachefs",
	0x7366746e:                 "ntfs3",
	0x786f4256:                 "vboxsf",
}

func fileSystem(path string) string {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return unknown
	}
	// The field's type differs between processors; the numbers have 32 bits.
	magic := uint32(st.Type) // #nosec G115 -- see above
	if name, ok := magics[magic]; ok {
		return name
	}
	return fmt.Sprintf("%s (0x%08x)", unknown, magic)
}
