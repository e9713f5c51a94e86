//go:build !unix && !windows

package sysinfo

func kernel() string { return unknown }
