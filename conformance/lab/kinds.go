//go:build linux

package lab

// A kind is one sort of file system and how it comes into being.
type kind struct {
	name   string
	fstype string // as in /proc/filesystems
	// tool makes the image; pkg is the Debian package that brings it.
	tool, pkg string
	// mkfs are the tool's arguments for an image and, where the tool packs
	// files, the content directory.
	mkfs func(image, content string) []string
	// minimum is the smallest image in bytes that the tool accepts.
	minimum  int64
	readOnly bool
	root     bool // needs real root: a loop device cannot be made otherwise
	// missingToo, unless nil, says what else is missing; "" if nothing.
	missingToo func() string
	// build mounts the file system on dir and returns variables to set.
	build func(m *mounter, k kind, dir string) ([]string, error)
}

// mebi is bytes in a MiB.
const mebi = 1 << 20

// ext4 has a name because it lies under another kind, too.
var ext4 = kind{name: "ext4", fstype: "ext4", tool: "mkfs.ext4", pkg: "e2fsprogs", root: true,
	build: buildImage,
	mkfs:  func(image, _ string) []string { return []string{"-q", "-F", image} }}

// kinds is every file system the lab knows, in the order in which it is listed.
var kinds = []kind{
	{name: "tmpfs", fstype: "tmpfs", build: buildTmpfs},
	ext4,
	{name: "xfs", fstype: "xfs", tool: "mkfs.xfs", pkg: "xfsprogs", root: true,
		minimum: 300 * mebi, build: buildImage,
		mkfs: func(image, _ string) []string { return []string{"-q", "-f", "-m", "reflink=1", image} }},
	{name: "btrfs", fstype: "btrfs", tool: "mkfs.btrfs", pkg: "btrfs-progs", root: true,
		minimum: 110 * mebi, build: buildImage,
		mkfs: func(image, _ string) []string { return []string{"-q", "-f", image} }},
	{name: "f2fs", fstype: "f2fs", tool: "mkfs.f2fs", pkg: "f2fs-tools", root: true,
		minimum: 64 * mebi, build: buildImage,
		mkfs: func(image, _ string) []string { return []string{"-q", "-f", image} }},
	{name: "overlayfs", fstype: "overlay", build: buildOverlayTmpfs},
	{name: "overlayfs-ext4", fstype: "overlay", tool: ext4.tool, pkg: ext4.pkg, root: true,
		build: buildOverlayExt4},
	{name: "squashfs", fstype: "squashfs", tool: "mksquashfs", pkg: "squashfs-tools", root: true,
		readOnly: true, build: buildPacked,
		mkfs: func(image, content string) []string {
			return []string{content, image, "-noappend", "-quiet", "-no-progress"}
		}},
	{name: "erofs", fstype: "erofs", tool: "mkfs.erofs", pkg: "erofs-utils", root: true,
		readOnly: true, build: buildPacked,
		mkfs: func(image, content string) []string { return []string{"--quiet", image, content} }},
	{name: "fuse", fstype: "fuse", missingToo: missingFuse, build: buildFuse},
}

// kindNamed finds a kind.
func kindNamed(name string) (kind, bool) {
	for _, k := range kinds {
		if k.name == name {
			return k, true
		}
	}
	return kind{}, false
}
