//go:build darwin || dragonfly || freebsd || openbsd

package boundary

// These systems account for memory as it is touched, or have no such flag.
const mapNoReserve = 0
