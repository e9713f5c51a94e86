//go:build !linux

package confine

import "runtime"

// Other systems have ways of their own (pledge, Capsicum, sandboxes); none is
// Landlock or seccomp, so none is claimed.
func kernel() Report {
	missing := runtime.GOOS + " does not have it"
	return Report{Layer{Name: landlockName, Missing: missing}, Layer{Name: seccompName, Missing: missing}}
}

func confine(_ []string, _ bool, opts []Option) (*Report, error) {
	r := kernel()
	if !configOf(opts).bestEffort {
		return nil, missing(r.Landlock, r.Seccomp)
	}
	return &r, nil
}

func changes(_ []string, opts []Option) (*Report, error) {
	r := kernel()
	if !configOf(opts).bestEffort {
		return nil, missing(r.Landlock)
	}
	return &r, nil
}
