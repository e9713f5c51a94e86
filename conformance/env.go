package conformance

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/mmapguard/go/conformance/internal/attack"
	"github.com/mmapguard/go/conformance/internal/verity"
	"github.com/mmapguard/go/mmapguard"
)

// Env is where a case is run.
type Env struct {
	// Dir is an empty directory on the file system in question that is the
	// case's own; empty if nothing may be written there.
	Dir string
	// Content is a few files that are there already, which nobody changes.
	Content []string
	// Guarantee and Mechanism are those the case is run with. Without a mechanism
	// the library chooses.
	Guarantee mmapguard.Guarantee
	Mechanism mmapguard.Mechanism
	// NoFaults tells that memory faults cannot be relied upon here.
	NoFaults bool
	// Damage is the command of [Options].
	Damage string

	enemies []*attack.Process
}

// broken ends the case: the promise was not kept.
func (e *Env) broken(format string, args ...any) { panic(verdict(broken(format, args...))) }

// failed ends the case: an error kept it from going on.
func (e *Env) failed(format string, args ...any) { panic(verdict(failed(format, args...))) }

// notOffered ends the case: the promise cannot be tried here.
func (e *Env) notOffered(format string, args ...any) { panic(verdict(notOffered(format, args...))) }

// check ends the case as broken unless ok.
func (e *Env) check(ok bool, format string, args ...any) {
	if !ok {
		e.broken(format, args...)
	}
}

// must ends the case if it cannot go on. What the system does not have is no
// promise of the library's; everything else is a failure to be looked at.
func (e *Env) must(err error, doing string) {
	switch {
	case err == nil:
	case errors.Is(err, attack.ErrMissing), errors.Is(err, errors.ErrUnsupported):
		e.notOffered("%s: %v", doing, err)
	default:
		e.failed("%s: %v", doing, err)
	}
}

// wantError checks that an error is the one promised.
func (e *Env) wantError(err, want error, doing string) {
	switch {
	case err == nil:
		e.broken("%s: no error, want %q", doing, want)
	case !errors.Is(err, want):
		e.failed("%s: %q, want %q", doing, err, want)
	}
}

// wantPathError checks also that the error names the file.
func (e *Env) wantPathError(err, want error, doing string) {
	e.wantError(err, want, doing)
	var path *fs.PathError
	e.check(errors.As(err, &path) && path.Path != "", "%s: %q does not name the file", doing, err)
}

// options are those of the mechanism that is tried.
func (e *Env) options(also ...mmapguard.Option) []mmapguard.Option {
	if e.Mechanism == "" {
		return also
	}
	return append([]mmapguard.Option{
		mmapguard.WithGuarantee(e.Guarantee), mmapguard.WithMechanisms(e.Mechanism),
	}, also...)
}

// mapFile opens a file with the mechanism that is tried, which has to work.
func (e *Env) mapFile(name string, also ...mmapguard.Option) *mmapguard.FileData {
	d, err := mmapguard.MapFile(name, e.options(also...)...)
	if err != nil {
		e.failed("opening: %v", err)
	}
	return d
}

// close closes a handle, which has to work.
func (e *Env) close(d *mmapguard.FileData) {
	if err := d.Close(); err != nil {
		e.failed("closing: %v", err)
	}
}

// path is a name in the case's directory.
func (e *Env) path(name string) string { return filepath.Join(e.Dir, name) }

// file makes a file, of the kind that the mechanism wants.
func (e *Env) file(name string, data []byte) string {
	path := e.path(name)
	e.must(os.WriteFile(path, data, 0o644), "making a file")
	if e.Mechanism == mmapguard.MechanismFsVerity {
		if err := verity.Enable(path); err != nil {
			e.notOffered("%v", err)
		}
	}
	return path
}

// enemy starts another process.
func (e *Env) enemy() *attack.Process {
	p, err := attack.Start(context.Background())
	if err != nil {
		e.notOffered("no second process can be started: %v", err)
	}
	e.enemies = append(e.enemies, p)
	return p
}

// done ends the other processes.
func (e *Env) done() {
	for _, p := range e.enemies {
		_ = p.End() // one that a case has killed has nothing to add
	}
}

// refused tells whether an attack was refused for a good reason: Windows does
// not change a file that is mapped, and nobody changes one with fs-verity.
func (e *Env) refused(err error) bool {
	return err != nil && (runtime.GOOS == "windows" || e.Mechanism == mmapguard.MechanismFsVerity)
}
