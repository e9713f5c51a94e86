package mmapguard

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard/internal/boundary"
)

// verityFileSystems keep fs-verity in the kernel; elsewhere the attribute is
// the word of a server.
var verityFileSystems = map[uint32]string{
	unix.EXT4_SUPER_MAGIC:  "ext4",
	unix.F2FS_SUPER_MAGIC:  "f2fs",
	unix.BTRFS_SUPER_MAGIC: "btrfs",
}

// openVerity takes a file with fs-verity as it is: such a file can be deleted,
// but neither written nor truncated, and every page is checked as it is read
// (Documentation/filesystems/fsverity.rst).
func openVerity(o *opening) (*FileData, error) {
	if err := checkVerity(o.file); err != nil {
		return nil, err
	}
	if o.digest != nil {
		if err := compareDigest(o.file, *o.digest); err != nil {
			return nil, err
		}
	}
	c, n, err := o.mapFile()
	if err != nil {
		return nil, err
	}
	return o.handle(c, n, MechanismFsVerity, Immutable), nil
}

func checkVerity(f *os.File) error {
	magic, err := fileSystem(f)
	if err != nil {
		return err
	}
	if _, ok := verityFileSystems[magic]; !ok {
		return unsupported("this file system has no fs-verity (type %#x)", magic)
	}
	return control(f, func(fd uintptr) error {
		var st unix.Statx_t
		if err := unix.Statx(int(fd), "", unix.AT_EMPTY_PATH, 0, &st); err != nil {
			return unsupported("statx: %v", err)
		}
		if st.Attributes&unix.STATX_ATTR_VERITY == 0 {
			return unsupported("fs-verity is not enabled on the file")
		}
		return nil
	})
}

// verityAlgorithms are the numbers of linux/fsverity.h.
var verityAlgorithms = map[uint16]string{
	unix.FS_VERITY_HASH_ALG_SHA256: "sha256",
	unix.FS_VERITY_HASH_ALG_SHA512: "sha512",
}

func compareDigest(f *os.File, want VerityDigest) error {
	got, err := measureVerity(f)
	if err != nil {
		return err
	}
	if got.Algorithm != want.Algorithm || !bytes.Equal(got.Sum, want.Sum) {
		return fmt.Errorf("%w: it is %v, required is %v", ErrDigest, got, want)
	}
	return nil
}

// measureVerity is the digest as the kernel knows it.
func measureVerity(f *os.File) (d VerityDigest, err error) {
	err = control(f, func(fd uintptr) error {
		algorithm, digest, err := boundary.MeasureVerity(fd)
		d = VerityDigest{verityAlgorithms[algorithm], digest}
		if errors.Is(err, unix.ENODATA) {
			return unsupported("fs-verity is not enabled on the file")
		}
		return err
	})
	return d, err
}
