package confine

import "fmt"

// Only puts up one layer, so that a test can see which of them stops what.
func Only(layer, path string) error {
	rules, err := rulesFor([]string{path}, true)
	if err != nil {
		return err
	}
	f, err := newFilter()
	if err != nil {
		return err
	}
	r := kernel()
	r.Landlock.Active = r.Landlock.Active && layer == "Landlock"
	r.Seccomp.Active = r.Seccomp.Active && layer == "seccomp"
	return r.apply(rules, f)
}

// PolicyOf is what a profile is translated to.
func PolicyOf(text []byte) error {
	_, err := policiesOf(text)
	return err
}

// RuleBelow is what Changes asks Landlock of a version for, in its words.
func RuleBelow(dir string, version int) string { return fmt.Sprint(changesBelow(dir, version)) }
