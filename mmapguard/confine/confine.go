package confine

import (
	"errors"
	"fmt"
	"strings"
)

// Dir confines the process to reading the files below a directory. See the
// package documentation for what that means and where it ends.
//
// Errors: errors.ErrUnsupported if the kernel lacks a layer, fs.ErrNotExist if
// there is no such directory, and the system's own. After an error that is not
// one of these two the process may be confined in part.
func Dir(path string, opts ...Option) (*Report, error) {
	return confine([]string{path}, true, opts)
}

// Paths is Dir for several files and directories. Those that do not exist are
// skipped, so that opening them answers what it would have answered. Without any
// path nothing can be opened, and what is open can be read.
func Paths(paths []string, opts ...Option) (*Report, error) {
	return confine(paths, false, opts)
}

// Option changes how the process is confined.
type Option func(*config)

type config struct {
	bestEffort bool
	clones     []string
}

func configOf(opts []Option) (c config) {
	for _, opt := range opts {
		opt(&c)
	}
	return c
}

// BestEffort puts up the layers that the kernel has, instead of failing if one
// is missing. The Report tells which these are.
func BestEffort() Option { return func(c *config) { c.bestEffort = true } }

// Clones lets the process make files without a name beside the files of these
// paths, as cloning one for Isolated takes. Nobody can give such a file a name
// (O_EXCL), and no other file can be opened for writing. What else is in these
// directories, and below them, can be read. Paths that do not exist are skipped.
//
// Landlock cannot tell a file without a name from others, and seccomp does: where
// that is missing no clone can be made.
func Clones(paths ...string) Option { return func(c *config) { c.clones = append(c.clones, paths...) } }

// A Layer is one of the kernel's ways to restrict a process.
type Layer struct {
	// Name is "Landlock" or "seccomp".
	Name string `json:"name"`
	// Active tells that it restricts the process, or, from Kernel, that it could.
	Active bool `json:"active"`
	// Version is Landlock's ABI version; 0 for seccomp, which has none.
	Version int `json:"version,omitempty"`
	// Missing says why it is not active.
	Missing string `json:"missing,omitempty"`
}

// String is like "Landlock 7" or "no Landlock: …".
func (l Layer) String() string {
	switch {
	case !l.Active:
		return fmt.Sprintf("no %s: %s", l.Name, l.Missing)
	case l.Version > 0:
		return fmt.Sprintf("%s %d", l.Name, l.Version)
	}
	return l.Name
}

// A Report tells what restricts the process.
type Report struct {
	Landlock Layer `json:"landlock"`
	Seccomp  Layer `json:"seccomp"`
}

// String is like "confined by Landlock 7 and seccomp".
func (r *Report) String() string {
	switch {
	case r.Landlock.Active && r.Seccomp.Active:
		return fmt.Sprintf("confined by %v and %v", r.Landlock, r.Seccomp)
	case r.Landlock.Active:
		return fmt.Sprintf("confined by %v alone; %v", r.Landlock, r.Seccomp)
	case r.Seccomp.Active:
		return fmt.Sprintf("confined by %v alone; %v", r.Seccomp, r.Landlock)
	}
	return fmt.Sprintf("not confined; %v; %v", r.Landlock, r.Seccomp)
}

// missing is the error about those of the layers that are not there, or nil.
func missing(layers ...Layer) error {
	var lacks []string
	for _, l := range layers {
		if !l.Active {
			lacks = append(lacks, l.String())
		}
	}
	if lacks == nil {
		return nil
	}
	return fmt.Errorf("confine: %s: %w; use confine.BestEffort to go on without", strings.Join(lacks, "; "), errors.ErrUnsupported)
}

// The names of the layers.
const (
	landlockName = "Landlock"
	seccompName  = "seccomp"
)

// Kernel tells what this kernel has, and restricts nothing.
func Kernel() Report { return kernel() }
