//go:build !windows

package child

// hiccup is false: no other system is known to have any.
func hiccup(error) bool { return false }
