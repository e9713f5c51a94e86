//go:build (!unix && !windows) || aix || illumos

package conformance

func kernel() string { return "unknown" }
