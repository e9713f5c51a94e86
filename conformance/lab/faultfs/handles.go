//go:build linux

package faultfs

import (
	"fmt"
	"os"
	"slices"
	"sync"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fs"
)

// handles are a file's open handles. They make it possible to open a file again
// that has lost its name, which local file systems allow by /proc/self/fd and a
// server that knows files by their paths would not.
type handles struct {
	mu   sync.Mutex
	list []*handle
}

func (s *handles) add(h *handle) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, h)
}

func (s *handles) remove(h *handle) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = slices.DeleteFunc(s.list, func(other *handle) bool { return other == h })
}

// again opens the file anew through one of its handles. The lock keeps that
// handle from being closed meanwhile.
func (s *handles) again(flags uint32) (fs.FileHandle, syscall.Errno) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) == 0 {
		return nil, syscall.ENOENT
	}
	fd, ok := s.list[0].LoopbackFile.PassthroughFd()
	if !ok {
		return nil, syscall.ENOENT
	}
	f, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", fd), int(flags), 0) // #nosec G304 -- an open file of ours
	if err != nil {
		return nil, fs.ToErrno(err)
	}
	return fs.NewLoopbackFileFromOS(f), 0
}
