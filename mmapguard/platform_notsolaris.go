//go:build !solaris || illumos

package mmapguard

// The locks of this system belong to an open file, not to a process.
const closeDropsLocks = false
