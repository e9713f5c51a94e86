package confine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
)

// A rule lets files be read: those below a directory, or one; and written to.
type rule struct {
	path  string
	dir   bool
	write bool
}

// support is what the library itself reads, besides the input: the state of its
// leases, and how long a writer waits for one. The kernel looks at the opened
// file and not at the way to it, so /proc/self/fd/N needs no rule of its own.
var support = []rule{
	{path: "/proc/self/fdinfo", dir: true},
	{path: "/proc/sys/fs/lease-break-time"},
}

func landlockLayer() Layer {
	l := Layer{Name: landlockName}
	version, err := ll.LandlockGetABIVersion()
	switch {
	case err != nil:
		l.Missing = fmt.Sprintf("the kernel was built or started without it (%v)", err)
	default:
		l.Active, l.Version = true, version
	}
	return l
}

// rulesFor finds out what the paths are. All of them must be there, or those
// that are not are left out.
func rulesFor(paths []string, all bool) ([]rule, error) {
	var rules []rule
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err == nil:
			rules = append(rules, rule{path: path, dir: info.IsDir()})
		case all || !absent(err):
			return nil, fmt.Errorf("confine: %w", err)
		}
	}
	for _, r := range support {
		if _, err := os.Stat(r.path); err == nil {
			rules = append(rules, r)
		}
	}
	return rules, nil
}

// absent tells whether nothing can be opened under a name anyway.
func absent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)
}

// restrict lets the process open the files of the rules as they say, and nothing
// else. Of the rights it handles all that the kernel knows are denied, so a newer
// kernel denies more: truncation from ABI 3 on, TCP from 4, devices' ioctl from 5.
func restrict(rules []rule) error {
	const readFile, readDir = landlock.AccessFSSet(ll.AccessFSReadFile), landlock.AccessFSSet(ll.AccessFSReadDir)
	granted := make([]landlock.Rule, 0, len(rules))
	for _, r := range rules {
		access := readFile
		if r.dir {
			access |= readDir
		}
		if r.write {
			access |= landlock.AccessFSSet(ll.AccessFSWriteFile)
		}
		granted = append(granted, landlock.PathAccess(access, r.path))
	}
	// The version was asked for before: best effort is about rights, not about
	// whether there is Landlock at all.
	config := landlock.V10.BestEffort()
	if err := config.RestrictPaths(granted...); err != nil {
		return err
	}
	return config.RestrictNet()
}
