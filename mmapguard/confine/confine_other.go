//go:build !linux

package confine

import "runtime"

// Other systems have ways of their own (pledge, Capsicum, sandboxes); none is
// Landlock or seccomp, so none is claimed.
func kernel() Report {
	missing := runtime.GOOS + " does not have it"
	return Report{Layer{Name: "Landlock", Missing: missing}, Layer{Name: "seccomp", Missing: missing}}
}

func confine(_ []string, _ bool, opts []Option) (*Report, error) {
	var c config
	for _, opt := range opts {
		opt(&c)
	}
	r := kernel()
	if !c.bestEffort {
		return nil, r.missing()
	}
	return &r, nil
}
