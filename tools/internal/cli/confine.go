package cli

import (
	"github.com/mmapguard/go/mmapguard/confine"
)

// confine restricts the process to reading the named files, before it touches
// one of them. What the system does not have it does without: a command that
// read files yesterday has to read them on an older kernel as well, and --version
// tells what there is.
//
// Only cat and sum are confined. The others are about what can be done with a
// file, and try it: stat and doctor clone files into unnamed ones, doctor writes
// probes, demo starts processes.
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

// confinement says what confine does here.
func (s *session) confinement() string {
	if s.noConfine {
		return "not confined: --no-confine"
	}
	kernel := confine.Kernel()
	return kernel.String()
}
