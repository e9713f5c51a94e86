//go:build !linux && !darwin && !freebsd && !dragonfly && !windows

package sysinfo

func fileSystem(string) string { return unknown }
