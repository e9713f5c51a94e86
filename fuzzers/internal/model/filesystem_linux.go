package model

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// Probe finds out what the file system of a directory offers, by trying rather
// than by asking the library.
func Probe(dir string) (fs FileSystem, err error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return fs, err
	}
	switch uint32(st.Type) {
	case unix.TMPFS_MAGIC:
		fs.Tmpfs, fs.Leases = true, true
	case unix.EXT4_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC:
		fs.Leases = true
	}
	fs.Leases = fs.Leases && leasesEnabled()
	fs.Reflink, err = reflinks(dir)
	return fs, err
}

func leasesEnabled() bool {
	text, err := os.ReadFile("/proc/sys/fs/leases-enable")
	return err == nil && len(text) > 0 && text[0] != '0'
}

// reflinks clones a file.
func reflinks(dir string) (ok bool, err error) {
	name := filepath.Join(dir, "probe")
	if err := os.WriteFile(name, Pattern(0, 0, Page), 0o600); err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.Remove(name), os.RemoveAll(name+".clone")) }()
	from, err := os.Open(name)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := os.Create(name + ".clone")
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	return unix.IoctlFileClone(int(to.Fd()), int(from.Fd())) == nil, nil
}
