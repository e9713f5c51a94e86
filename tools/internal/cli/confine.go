package cli

import (
	"fmt"
	"slices"

	"github.com/mmapguard/go/mmapguard/confine"
)

// confine restricts the process to reading the named files, before it touches
// one of them. What the system does not have it does without: a command that
// read files yesterday has to read them on an older kernel as well, and --version
// tells what there is.
//
// doctor and demo do more than read; see confineToChange.
func (s *session) confine(names []string) error { return s.confineTo(files(names)) }

// confineToTry is confine for a command that tries what can be done with the
// files: clone them, and ask who has locked them.
func (s *session) confineToTry(names []string) error {
	names = files(names)
	return s.confineTo(append(names, "/proc/locks"), confine.Clones(names...))
}

func (s *session) confineTo(paths []string, opts ...confine.Option) error {
	if !s.mayConfine || s.noConfine {
		return nil
	}
	_, err := confine.Paths(paths, append(opts, confine.BestEffort())...)
	return err
}

// confineToChange lets the process, and those that it starts, read everything and
// change what is below a directory. doctor writes probes there, and demo files
// that other processes cut short.
func (s *session) confineToChange(dir string) error {
	if !s.mayConfine || s.noConfine {
		return nil
	}
	_, err := confine.Changes([]string{dir}, confine.BestEffort())
	return err
}

// files are the names but that of standard input, which is open.
func files(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == "-" })
}

// confinement says what confine does here.
func (s *session) confinement() string {
	if s.noConfine {
		return "not confined: --no-confine"
	}
	kernel := confine.Kernel()
	return kernel.String()
}

// changeConfinement says what confineToChange does here.
func (s *session) changeConfinement() string {
	if s.noConfine {
		return "changing files elsewhere is not prevented: --no-confine"
	}
	return changesPrevented(confine.Kernel().Landlock)
}

// truncateSince is the version of Landlock that prevents files from being
// truncated (landlock(7), "Versions").
const truncateSince = 3

func changesPrevented(landlock confine.Layer) string {
	switch {
	case !landlock.Active:
		return fmt.Sprintf("changing files elsewhere is not prevented: %v", landlock)
	case landlock.Version < truncateSince:
		return fmt.Sprintf("changing files elsewhere, but for truncating them, is prevented by %v", landlock)
	default:
		return fmt.Sprintf("changing files elsewhere is prevented by %v", landlock)
	}
}
