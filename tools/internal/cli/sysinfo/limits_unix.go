//go:build unix && !linux

package sysinfo

func limits() []Limit { return []Limit{descriptorLimit()} }
