//go:build !linux && !darwin

package sysinfo

// Nothing but locks is there to be tried: share modes of Windows are part of
// opening a file, and always there.
var probes []probe
