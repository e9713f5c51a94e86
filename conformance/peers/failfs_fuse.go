//go:build linux && !386 && !arm && !mips && !mipsle

// go-fuse does not build for 32-bit processors, which are not needed here: the
// 32-bit child meets a mount that its 64-bit parent has made, if any.

package peers

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	fusefs "github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// failingFile has one block that cannot be read.
type failingFile struct {
	fusefs.Inode
	data []byte
}

var (
	_ fusefs.NodeGetattrer = (*failingFile)(nil)
	_ fusefs.NodeOpener    = (*failingFile)(nil)
	_ fusefs.NodeReader    = (*failingFile)(nil)
)

func (f *failingFile) Getattr(_ context.Context, _ fusefs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	out.Mode = fuse.S_IFREG | 0o400
	out.Size = uint64(len(f.data))
	return 0
}

func (f *failingFile) Open(context.Context, uint32) (fusefs.FileHandle, uint32, syscall.Errno) {
	return nil, 0, 0
}

// Read fails a request that touches the bad block as a whole, as a disk does: a
// short answer would tell the kernel that the file ends there.
func (f *failingFile) Read(_ context.Context, _ fusefs.FileHandle, dest []byte, off int64) (fuse.ReadResult, syscall.Errno) {
	bad := int64(len(f.data) / 2)
	end := min(off+int64(len(dest)), int64(len(f.data)))
	if off <= bad && bad < end {
		return nil, syscall.EIO
	}
	return fuse.ReadResultData(f.data[min(off, end):end]), 0
}

// failingDir holds the one file.
type failingDir struct {
	fusefs.Inode
	data []byte
}

var _ fusefs.NodeOnAdder = (*failingDir)(nil)

func (d *failingDir) OnAdd(ctx context.Context) {
	file := d.NewPersistentInode(ctx, &failingFile{data: d.data}, fusefs.StableAttr{Mode: fuse.S_IFREG})
	d.AddChild("file", file, false)
}

// mountFailing mounts a file system with a file that shows data, but for one
// block in its middle. It takes root, or fusermount.
func mountFailing(dir string, data []byte) (path string, unmount func() error, err error) {
	if _, err := os.Stat("/dev/fuse"); errors.Is(err, fs.ErrNotExist) {
		return "", nil, skip("no /dev/fuse on this machine")
	}
	at := filepath.Join(dir, "fuse")
	if err := os.Mkdir(at, 0o700); err != nil {
		return "", nil, err
	}
	server, err := fusefs.Mount(at, &failingDir{data: data}, &fusefs.Options{
		MountOptions: fuse.MountOptions{DirectMount: true, FsName: "failing", Name: "failing"},
	})
	if errors.Is(err, fs.ErrPermission) {
		return "", nil, skip("mounting needs root or fusermount: " + err.Error())
	}
	if err != nil {
		return "", nil, fmt.Errorf("mounting a FUSE file system: %w", err)
	}
	return filepath.Join(at, "file"), server.Unmount, nil
}
