//go:build linux

package faultfs

import (
	"context"
	"os"
	"syscall"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// handle is an open file with the faults it had when it was opened.
type handle struct {
	*fs.LoopbackFile
	node   *node
	faults []Fault
}

// handle wraps what go-fuse has opened; other handles are no files.
func (n *node) handle(fh fs.FileHandle, faults []Fault) fs.FileHandle {
	file, ok := fh.(*fs.LoopbackFile)
	if !ok {
		return fh
	}
	h := &handle{file, n, faults}
	n.open.add(h)
	return h
}

// Release is the last thing that happens to a handle.
func (h *handle) Release(ctx context.Context) syscall.Errno {
	h.node.open.remove(h)
	return h.LoopbackFile.Release(ctx)
}

// PassthroughFd keeps the kernel from reading the backing file by itself,
// which would bypass every fault.
func (h *handle) PassthroughFd() (int, bool) { return 0, false }

func (h *handle) Read(ctx context.Context, buf []byte, off int64) (fuse.ReadResult, syscall.Errno) {
	for _, f := range h.faults {
		switch {
		case f.Kind == "short":
			buf = buf[:min(int64(len(buf)), f.Bytes)]
		case !f.touches(off, len(buf)):
		case f.Kind == "eio":
			return nil, syscall.EIO
		case f.Kind == "hang":
			// Deaf to the client's interrupt: that is what hanging means.
			time.Sleep(f.Delay)
		case f.Kind == "die":
			h.node.server.die()
			return nil, syscall.EIO
		}
	}
	return h.LoopbackFile.Read(ctx, buf, off)
}

// touches reports whether the fault's page lies in a read of n bytes at off.
func (f Fault) touches(off int64, n int) bool {
	if f.Page == EveryPage {
		return true
	}
	page := int64(os.Getpagesize())
	return off < (f.Page+1)*page && off+int64(n) > f.Page*page
}

// lockErrno is the answer to every lock request; 0 when locks work.
func (h *handle) lockErrno() syscall.Errno {
	for _, f := range h.faults {
		if f.Kind == "nolock" {
			return f.Errno
		}
	}
	return 0
}

func (h *handle) Getlk(ctx context.Context, owner uint64, lk *fuse.FileLock, flags uint32, out *fuse.FileLock) syscall.Errno {
	if errno := h.lockErrno(); errno != 0 {
		return errno
	}
	return h.LoopbackFile.Getlk(ctx, owner, lk, flags, out)
}

func (h *handle) Setlk(ctx context.Context, owner uint64, lk *fuse.FileLock, flags uint32) syscall.Errno {
	if errno := h.lockErrno(); errno != 0 {
		return errno
	}
	return h.LoopbackFile.Setlk(ctx, owner, lk, flags)
}

func (h *handle) Setlkw(ctx context.Context, owner uint64, lk *fuse.FileLock, flags uint32) syscall.Errno {
	if errno := h.lockErrno(); errno != 0 {
		return errno
	}
	return h.LoopbackFile.Setlkw(ctx, owner, lk, flags)
}
