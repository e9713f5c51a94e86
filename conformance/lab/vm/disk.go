//go:build linux

package vm

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/mmapguard/go/conformance/lab/internal/guest"
	"github.com/mmapguard/go/conformance/lab/internal/hosttool"
)

// diskSize is the size of a disk's image in bytes. It is sparse; xfs accepts
// nothing under 300 MiB.
const diskSize = 512 << 20

// A diskKind is one sort of disk for a machine.
type diskKind struct {
	guest.Disk
	tool, pkg string
	// mkfs are the tool's arguments; page is the machine's page size, which
	// fs-verity in kernels before 6.3 needs as the block size.
	mkfs    func(image string, page int) []string
	modules []string
}

// diskKinds is every disk the lab knows.
var diskKinds = []diskKind{
	{Disk: guest.Disk{Name: "ext4", FSType: "ext4"}, tool: "mkfs.ext4", pkg: "e2fsprogs",
		mkfs: ext4(), modules: []string{"crc32c_generic", "ext4"}},
	{Disk: guest.Disk{Name: "ext4-verity", FSType: "ext4"}, tool: "mkfs.ext4", pkg: "e2fsprogs",
		mkfs: ext4("-O", "verity"), modules: []string{"crc32c_generic", "ext4"}},
	{Disk: guest.Disk{Name: "ext4-error", FSType: "ext4", Mapper: true}, tool: "mkfs.ext4", pkg: "e2fsprogs",
		mkfs: ext4("-O", "verity"), modules: []string{"crc32c_generic", "ext4", "dm_mod"}},
	// Without btrfs' own checksums, only fs-verity can notice a changed block.
	{Disk: guest.Disk{Name: "btrfs", FSType: "btrfs", Options: "nodatasum"}, tool: "mkfs.btrfs", pkg: "btrfs-progs",
		mkfs:    func(image string, _ int) []string { return []string{"-q", "-f", image} },
		modules: []string{"crc32c_generic", "blake2b_generic", "sha256_generic", "xxhash_generic", "btrfs"}},
	{Disk: guest.Disk{Name: "xfs", FSType: "xfs"}, tool: "mkfs.xfs", pkg: "xfsprogs",
		mkfs:    func(image string, _ int) []string { return []string{"-q", "-f", "-m", "reflink=1", image} },
		modules: []string{"crc32c_generic", "xfs"}},
	{Disk: guest.Disk{Name: "f2fs", FSType: "f2fs"}, tool: "mkfs.f2fs", pkg: "f2fs-tools",
		mkfs:    func(image string, _ int) []string { return []string{"-q", "-f", "-O", "extra_attr,verity", image} },
		modules: []string{"crc32_generic", "f2fs"}},
}

// ext4 returns mkfs arguments with the machine's page size for the block size.
func ext4(options ...string) func(string, int) []string {
	return func(image string, page int) []string {
		return append(append([]string{"-q", "-F"}, options...), "-b", strconv.Itoa(page), image)
	}
}

// diskNamed finds a kind of disk.
func diskNamed(name string) (diskKind, error) {
	for _, k := range diskKinds {
		if k.Name == name {
			return k, nil
		}
	}
	return diskKind{}, fmt.Errorf("unknown disk %q; there are %s", name, strings.Join(Disks(), ", "))
}

// create makes the disk's image in dir and returns its name.
func (k diskKind) create(dir string, page int) (string, error) {
	image := filepath.Join(dir, k.Name+".img")
	f, err := os.Create(image) // #nosec G304 -- in the run's own directory
	if err != nil {
		return "", err
	}
	if err := errors.Join(f.Truncate(diskSize), f.Close()); err != nil {
		return "", err
	}
	if reason := hosttool.Missing(k.tool, k.pkg); reason != "" {
		return "", errors.New(reason)
	}
	return image, hosttool.Run(k.tool, k.mkfs(image, page)...)
}
