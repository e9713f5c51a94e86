//go:build linux

package faultfs

import (
	"context"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// strangerID is the owner shown for nolease: nobody's.
const strangerID = 65534

// node passes a file or directory through, but for its faults.
type node struct {
	*fs.LoopbackNode
	server *Server
	open   handles
}

// faults are those of the node's present name; a rename changes them.
func (n *node) faults() []Fault {
	name, _ := n.EmbeddedInode().Parent()
	return n.server.spec.Faults(name)
}

// WrapChild gives every file and directory below this one its faults.
func (n *node) WrapChild(_ context.Context, ops fs.InodeEmbedder) fs.InodeEmbedder {
	if child, ok := ops.(*fs.LoopbackNode); ok {
		return &node{LoopbackNode: child, server: n.server}
	}
	return ops
}

// disguise changes what a regular file's attributes show.
func disguise(faults []Fault, attr *fuse.Attr) {
	if attr.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return
	}
	for _, f := range faults {
		switch f.Kind {
		case "size":
			attr.Size = uint64(max(0, int64(attr.Size)+f.Bytes)) // #nosec G115 -- sizes come from 63 bits
		case "nolease":
			attr.Uid, attr.Gid = strangerID, strangerID
		}
	}
}

func (n *node) Lookup(ctx context.Context, name string, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	child, errno := n.LoopbackNode.Lookup(ctx, name, out)
	disguise(n.server.spec.Faults(name), &out.Attr)
	return child, errno
}

func (n *node) Getattr(ctx context.Context, fh fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	errno := n.LoopbackNode.Getattr(ctx, fh, out)
	disguise(n.faults(), &out.Attr)
	return errno
}

func (n *node) Setattr(ctx context.Context, fh fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	errno := n.LoopbackNode.Setattr(ctx, fh, in, out)
	disguise(n.faults(), &out.Attr)
	return errno
}

// Statx is not offered: the kernel then asks by Getattr, which is disguised.
func (n *node) Statx(context.Context, fs.FileHandle, uint32, uint32, *fuse.StatxOut) syscall.Errno {
	return syscall.ENOSYS
}

func (n *node) Open(ctx context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	faults := n.faults()
	if errno := refuse(faults, flags); errno != 0 {
		return nil, 0, errno
	}
	// The server's buffers are not aligned, so it cannot use O_DIRECT itself.
	fh, fuseFlags, errno := n.LoopbackNode.Open(ctx, flags&^syscall.O_DIRECT)
	if errno == syscall.ENOENT {
		fh, errno = n.open.again(flags &^ syscall.O_DIRECT)
	}
	if errno != 0 {
		return nil, 0, errno
	}
	return n.handle(fh, faults), fuseFlags | openFlags(faults), 0
}

func (n *node) Create(ctx context.Context, name string, flags, mode uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	faults := n.server.spec.Faults(name)
	if errno := refuse(faults, flags); errno != 0 {
		return nil, nil, 0, errno
	}
	child, fh, fuseFlags, errno := n.LoopbackNode.Create(ctx, name, flags&^syscall.O_DIRECT, mode, out)
	if errno != 0 {
		return nil, nil, 0, errno
	}
	disguise(faults, &out.Attr)
	made, ok := child.Operations().(*node)
	if !ok {
		return nil, nil, 0, syscall.EIO
	}
	return child, made.handle(fh, faults), fuseFlags | openFlags(faults), 0
}

// Statfs asks about the directory behind the mount: the file itself may have
// lost its name.
func (n *node) Statfs(_ context.Context, out *fuse.StatfsOut) syscall.Errno {
	var st syscall.Statfs_t
	if err := syscall.Statfs(n.RootData.Path, &st); err != nil {
		return fs.ToErrno(err)
	}
	out.FromStatfsT(&st)
	return 0
}

// refuse is the answer to an open that the faults forbid.
func refuse(faults []Fault, flags uint32) syscall.Errno {
	for _, f := range faults {
		if f.Kind == "nodirect" && flags&syscall.O_DIRECT != 0 {
			return syscall.EINVAL
		}
	}
	return 0
}

// openFlags are the marks an opened file's faults need.
func openFlags(faults []Fault) uint32 {
	for _, f := range faults {
		if f.Kind == "nommap" {
			return fuse.FOPEN_DIRECT_IO
		}
	}
	return 0
}
