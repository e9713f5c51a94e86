package conformance

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/sys/unix"
)

// fileSystems are the names of those that are met most.
var fileSystems = map[uint32]string{
	unix.EXT4_SUPER_MAGIC:      "ext4",
	unix.TMPFS_MAGIC:           "tmpfs",
	unix.XFS_SUPER_MAGIC:       "xfs",
	unix.BTRFS_SUPER_MAGIC:     "btrfs",
	unix.OVERLAYFS_SUPER_MAGIC: "overlayfs",
	unix.SQUASHFS_MAGIC:        "squashfs",
	unix.EROFS_SUPER_MAGIC_V1:  "erofs",
	unix.FUSE_SUPER_MAGIC:      "fuse",
	unix.NFS_SUPER_MAGIC:       "nfs",
	unix.SMB2_SUPER_MAGIC:      "smb2",
	unix.CIFS_SUPER_MAGIC:      "cifs",
	unix.F2FS_SUPER_MAGIC:      "f2fs",
	unix.MSDOS_SUPER_MAGIC:     "vfat",
	unix.RAMFS_MAGIC:           "ramfs",
	unix.V9FS_MAGIC:            "9p",
	unix.ISOFS_SUPER_MAGIC:     "iso9660",
	unix.CEPH_SUPER_MAGIC:      "ceph",
	0x2fc12fc1:                 "zfs",
}

func fileSystemOf(dir string) string {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return "unknown"
	}
	magic := uint32(st.Type) // they have 32 bits
	if name, ok := fileSystems[magic]; ok {
		return name
	}
	return fmt.Sprintf("type %#x", magic)
}

func readOnly(err error) bool {
	return errors.Is(err, unix.EROFS) || errors.Is(err, fs.ErrPermission)
}
