//go:build linux

package faultfs

import (
	"fmt"
	"io"
	"log"
	"os"
	"syscall"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// A Server serves one mount.
type Server struct {
	spec Spec
	die  func()
	fuse *fuse.Server
}

// Mount serves backing's files on dir with the faults of spec, from this
// process; see the package documentation for who must use [Start] instead. die
// is called by a "die" fault and normally ends the process. The caller needs
// CAP_SYS_ADMIN in its user namespace.
func Mount(dir, backing string, spec Spec, die func()) (*Server, error) {
	s := &Server{spec: spec, die: die}
	var st syscall.Stat_t
	if err := syscall.Stat(backing, &st); err != nil {
		return nil, &os.PathError{Op: "stat", Path: backing, Err: err}
	}
	data := &fs.LoopbackRoot{Path: backing, Dev: st.Dev}
	root := &node{LoopbackNode: &fs.LoopbackNode{RootData: data}, server: s}
	data.RootNode = root
	server, err := fs.Mount(dir, root, options())
	if err != nil {
		return nil, fmt.Errorf("mount faultfs on %s: %w", dir, err)
	}
	s.fuse = server
	return s, nil
}

// options turn every cache of names and attributes off: a lie that changes
// must be seen at once. Page caches stay, or nothing could be mapped.
func options() *fs.Options {
	none := time.Duration(0)
	return &fs.Options{
		EntryTimeout:    &none,
		AttrTimeout:     &none,
		NullPermissions: true,
		MountOptions: fuse.MountOptions{
			AllowOther:        true,
			DirectMountStrict: true,
			EnableLocks:       true,
			// The kernel checks permissions, as on other file systems.
			Options: []string{"default_permissions"},
			// The command's standard error is its own.
			Logger: log.New(io.Discard, "", 0),
			FsName: "faultfs",
			Name:   "faultfs",
			// One page at a time, so that a bad page does not blemish its
			// neighbours for long.
			MaxReadAhead: os.Getpagesize(),
		},
	}
}

// Wait returns when the file system has been unmounted.
func (s *Server) Wait() { s.fuse.Wait() }

// Unmount takes the file system down; EBUSY while files are open.
func (s *Server) Unmount() error { return s.fuse.Unmount() }
