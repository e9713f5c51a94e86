package confine

import (
	"fmt"
	"sync"
	"time"
)

// once guards against a second confinement, which the first does not allow.
var once struct {
	sync.Mutex
	done bool
}

func confine(paths []string, all bool, opts []Option) (*Report, error) {
	c := configOf(opts)
	once.Lock()
	defer once.Unlock()
	if once.done {
		return nil, errAgain
	}
	// Everything that can be known to fail fails before anything is restricted.
	r := kernel()
	if err := missing(r.Landlock, r.Seccomp); err != nil && !c.bestEffort {
		return nil, err
	}
	rules, err := rulesFor(paths, all)
	if err != nil {
		return nil, err
	}
	var f filter
	if r.Seccomp.Active {
		rules = append(rules, rulesForClones(c.clones)...)
		if f, err = newFilter(callsOfClones(c.clones)...); err != nil {
			return nil, err
		}
	}
	return &r, r.apply(rules, f)
}

// apply puts the layers up: Landlock first, whose calls the filter denies.
func (r *Report) apply(rules []rule, f filter) error {
	once.done = true
	// The runtime reads the time zone when it is first needed, from a file.
	_, _ = time.Now().Zone()
	if r.Landlock.Active {
		if err := restrict(rules); err != nil {
			return fmt.Errorf("confine: Landlock: %w", err)
		}
	}
	if r.Seccomp.Active {
		if err := f.load(); err != nil {
			return fmt.Errorf("confine: seccomp: %w", err)
		}
	}
	return nil
}

func kernel() Report { return Report{landlockLayer(), seccompLayer()} }
