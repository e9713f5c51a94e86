package confine

import (
	"fmt"
	"os"

	"github.com/landlock-lsm/go-landlock/landlock"
)

func changes(paths []string, opts []Option) (*Report, error) {
	c := configOf(opts)
	once.Lock()
	defer once.Unlock()
	if once.done {
		return nil, errAgain
	}
	r := &Report{Landlock: landlockLayer(), Seccomp: Layer{Name: seccompName, Missing: ofChanges}}
	if !r.Landlock.Active {
		if !c.bestEffort {
			return nil, missing(r.Landlock)
		}
		return r, nil
	}
	rules, err := rulesForChanges(paths, r.Landlock.Version)
	if err != nil {
		return nil, err
	}
	once.done = true
	// Up to version 5 Landlock is about files. Later ones restrict signals and
	// sockets, which are none of this function's business.
	if err := landlock.V5.BestEffort().RestrictPaths(rules...); err != nil {
		return nil, fmt.Errorf("confine: Landlock: %w", err)
	}
	return r, nil
}

// rulesForChanges lets all be read and run, and what is at the paths be changed.
func rulesForChanges(paths []string, version int) ([]landlock.Rule, error) {
	// Commands without an input or an output have the null device as theirs.
	rules := []landlock.Rule{landlock.RODirs("/"), landlock.RWFiles(os.DevNull).IgnoreIfMissing()}
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err == nil && info.IsDir():
			rules = append(rules, changesBelow(path, version))
		case err == nil:
			rules = append(rules, landlock.RWFiles(path))
		case !absent(err):
			return nil, fmt.Errorf("confine: %w", err)
		}
	}
	return rules, nil
}

// referSince is the version that can let a file change its directory. The first
// never does, and best effort for a rule that asks for it would be no rules.
const referSince = 2

func changesBelow(dir string, version int) landlock.Rule {
	rule := landlock.RWDirs(dir)
	if version >= referSince {
		return rule.WithRefer()
	}
	return rule
}
