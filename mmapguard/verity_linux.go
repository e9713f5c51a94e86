package mmapguard

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"github.com/mmapguard/go/mmapguard/internal/boundary"
)

// verityFileSystems are where fs-verity is the kernel's own, and not the word of
// a server; true means that it is proof of a file that cannot change.
//
// On btrfs it is not: truncate(2) of such a file was let through until Linux
// commit e9734653c523 of January 2026, as conformance/lab/verity shows on an
// older kernel. What can be read there is checked all the same.
var verityFileSystems = map[uint32]bool{
	unix.EXT4_SUPER_MAGIC:  true,
	unix.F2FS_SUPER_MAGIC:  true,
	unix.BTRFS_SUPER_MAGIC: false,
}

// openVerity takes a file with fs-verity as it is: such a file can be deleted,
// but neither written nor truncated, and every page is checked as it is read
// (Documentation/filesystems/fsverity.rst).
func openVerity(o *opening) (*FileData, error) {
	proof, err := checkVerity(o.file)
	if err != nil {
		return nil, err
	}
	if !proof {
		return nil, unsupported("this file system lets truncate(2) shorten a file with fs-verity")
	}
	if err := o.checkDigest(); err != nil {
		return nil, err
	}
	c, n, err := o.mapFile()
	if err != nil {
		return nil, err
	}
	return o.handle(c, n, MechanismFsVerity, Immutable), nil
}

// checkVerity tells whether the file has fs-verity, and if so whether that
// proves that it cannot change.
func checkVerity(f *os.File) (proof bool, err error) {
	magic, err := fileSystem(f)
	if err != nil {
		return false, err
	}
	proof, known := verityFileSystems[magic]
	if !known {
		return false, unsupported("this file system has no fs-verity (type %#x)", magic)
	}
	return proof, control(f, func(fd uintptr) error {
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

// checkDigest compares the digest that was asked for, if one was, with the
// kernel's.
func (o *opening) checkDigest() error {
	if o.digest == nil {
		return nil
	}
	if _, err := checkVerity(o.file); err != nil {
		return err
	}
	got, err := measureVerity(o.file)
	if err != nil {
		return err
	}
	if got.Algorithm != o.digest.Algorithm || !bytes.Equal(got.Sum, o.digest.Sum) {
		return fmt.Errorf("%w: it is %v, required is %v", ErrDigest, got, *o.digest)
	}
	return nil
}

// verityAlgorithms are the numbers of linux/fsverity.h.
var verityAlgorithms = map[uint16]string{
	unix.FS_VERITY_HASH_ALG_SHA256: "sha256",
	unix.FS_VERITY_HASH_ALG_SHA512: "sha512",
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
