package cli

import (
	"slices"

	"github.com/mmapguard/go/mmapguard/confine"
)

// confine restricts the process to reading the named files, before it touches
// one of them. What the system does not have it does without: a command that
// read files yesterday has to read them on an older kernel as well, and --version
// tells what there is.
//
// Only cat, sum and stat are confined; see notConfined.
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

// files are the names but that of standard input, which is open.
func files(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == "-" })
}

// notConfined are the commands that do more than read.
const notConfined = "doctor and demo are not: doctor writes probes into a directory, demo starts processes that cut its own files short"

// confinement says what confine does here.
func (s *session) confinement() string {
	if s.noConfine {
		return "not confined: --no-confine"
	}
	kernel := confine.Kernel()
	return kernel.String()
}
