package cli

import (
	"github.com/mmapguard/go/mmapguard/confine"
)

// confine restricts the process to reading the named files, before it touches
// one of them. What the system does not have it does without: a command that
// read files yesterday has to read them on an older kernel as well, and --version
// tells what there is.
//
// Only cat and sum are confined; see notConfined.
func (s *session) confine(names []string) error {
	if !s.mayConfine || s.noConfine {
		return nil
	}
	var paths []string
	for _, name := range names {
		if name != "-" {
			paths = append(paths, name)
		}
	}
	_, err := confine.Paths(paths, confine.BestEffort())
	return err
}

// notConfined are the commands that are about what can be done with a file, and
// try it. A confined stat would answer that no clone can be made.
const notConfined = "stat, doctor and demo are not: they make clones in unnamed files, which takes a right to write; doctor writes probes, demo starts processes"

// confinement says what confine does here.
func (s *session) confinement() string {
	if s.noConfine {
		return "not confined: --no-confine"
	}
	kernel := confine.Kernel()
	return kernel.String()
}
