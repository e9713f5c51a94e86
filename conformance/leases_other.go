//go:build !linux

package conformance

// leaseOn is false: only Linux has leases.
func leaseOn(string) bool { return false }
